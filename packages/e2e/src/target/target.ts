import { createTempDirectory, type Credentials, RegistryClient, type TempDirectory } from '@moorage/testing';
import { type ProductOptions, startProduct } from './product.ts';
import { startStandalone } from './standalone.ts';

/** A running registry that a suite drives with real clients. */
export interface Target {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** `127.0.0.1:port`, as clients name it in references. */
  readonly host: string;
  /** Absent when everybody may do everything. */
  readonly credentials?: Credentials;
  /** What the server printed so far, for failure messages. */
  output(): string;
  /** Makes the project that the first component of repository names stands for. */
  createProject(name: string): Promise<void>;
  /** Ends it and everything it started at once, without a chance to finish anything. */
  kill(): void;
  stop(): Promise<void>;
}

/** A target with a client for it and a directory of the suite's own. */
export class Bench {
  readonly target: Target;
  readonly client: RegistryClient;
  readonly directory: TempDirectory;

  private constructor(target: Target) {
    this.target = target;
    this.client = new RegistryClient(target.origin, target.credentials);
    this.directory = createTempDirectory('e2e');
  }

  /** Starts the product, or with MOORAGE_E2E_TARGET=standalone the engine alone, and makes the suite's project. */
  static async start(project: string, options: ProductOptions = {}): Promise<Bench> {
    const standalone = process.env.MOORAGE_E2E_TARGET === 'standalone';
    const target = await (standalone ? startStandalone() : startProduct(options));
    await target.createProject(project);
    return new Bench(target);
  }

  /** `host/repository` for a client's command line. */
  reference(repository: string): string {
    return `${this.target.host}/${repository}`;
  }

  /** Credentials to hand to a client; any will do where nobody checks them. */
  get credentials(): Credentials {
    return this.target.credentials ?? { username: 'anyone', password: 'anything' };
  }

  async close(): Promise<void> {
    await this.target.stop();
    this.directory.remove();
  }
}
