import { AppError, type RefusalReason } from '@moorage/contracts';

/** What went wrong. `unreachable` covers refused, closed, unknown and silent alike: callers must not tell them apart (S88). */
export type EgressFailure = 'unreachable' | 'certificate' | 'timeout' | 'too-large' | 'bad-answer';

/** Why the rules refuse a connection. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** The address the name resolved to; empty when the refusal came before. */
  readonly address: string;
}

/** A call to another server failed. The message is fit for the person who entered the address. */
export class EgressError extends AppError {
  readonly failure: EgressFailure;
  /** Set when the rules of this installation refused the call; for the list of refusals, never for answers. */
  readonly refusal?: Refusal;

  constructor(
    failure: EgressFailure,
    message: string,
    options: { refusal?: Refusal | undefined; cause?: unknown } = {},
  ) {
    super('EGRESS_FAILED', message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'EgressError';
    this.failure = failure;
    if (options.refusal) this.refusal = options.refusal;
  }
}

/** One text for everything that keeps a connection from coming about. */
export function unreachable(host: string, port: number, options: { refusal?: Refusal; cause?: unknown } = {}) {
  const message = `${host.slice(0, 255)}:${port} cannot be reached, or may not be: check the address; an administrator can allow it in the settings of outgoing connections.`;
  return new EgressError('unreachable', message, options);
}

const CERTIFICATE_CODES = [
  /^CERT_/,
  /^ERR_TLS_CERT/,
  /SELF_SIGNED/,
  /UNABLE_TO_(GET_ISSUER|VERIFY)/,
  /^ERR_(SSL|TLS)/,
  /^EPROTO$/,
  // What OpenSSL refuses without a name of its own: keys and digests that are too weak.
  /^UNSPECIFIED$/,
];

/** Translates an error of a socket, of TLS or of an HTTP parser. */
export function failureOf(error: unknown, { host, port }: { host: string; port: number }): EgressError {
  if (error instanceof EgressError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const where = `${host.slice(0, 255)}:${port}`;
  if ((error as Error | null)?.name === 'AbortError' || (error as Error | null)?.name === 'TimeoutError') {
    return new EgressError('timeout', `${where} took too long to answer.`, { cause: error });
  }
  if (CERTIFICATE_CODES.some((pattern) => pattern.test(code))) {
    const message = `${where} has no certificate this server trusts for it (${certificateProblem(code)}).`;
    return new EgressError('certificate', message, { cause: error });
  }
  if (code.startsWith('HPE_')) {
    return new EgressError('bad-answer', `${where} does not answer as a web server does.`, { cause: error });
  }
  return unreachable(host, port, { cause: error });
}

function certificateProblem(code: string): string {
  const problems: Readonly<Record<string, string>> = {
    CERT_HAS_EXPIRED: 'it has expired; renew it, or check the clock of this server',
    CERT_NOT_YET_VALID: 'it is not valid yet; check the clock of both servers',
    ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host name',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself; enter it as the certificate authority of this address',
    SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here; enter the certificate authority of this address',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
      'its authority is not known here; enter the certificate authority of this address',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here; enter the certificate authority of this address',
  };
  return problems[code] ?? 'the TLS handshake failed: it needs TLS 1.2 or later and a sound certificate';
}
