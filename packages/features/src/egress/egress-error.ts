import { AppError, EGRESS_TEXTS, type RefusalReason, tell, type Told } from '@moorage/contracts';

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
    message: string | Told,
    options: { refusal?: Refusal | undefined; cause?: unknown } = {},
  ) {
    const told = typeof message === 'string' ? undefined : message;
    super('EGRESS_FAILED', typeof message === 'string' ? message : message.text, {
      ...(told === undefined ? {} : { told }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.name = 'EgressError';
    this.failure = failure;
    if (options.refusal) this.refusal = options.refusal;
  }
}

/** One text for everything that keeps a connection from coming about. */
export function unreachable(host: string, port: number, options: { refusal?: Refusal; cause?: unknown } = {}) {
  return new EgressError('unreachable', toldOf('unreachable', host, port), options);
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
  if ((error as Error | null)?.name === 'AbortError' || (error as Error | null)?.name === 'TimeoutError') {
    return new EgressError('timeout', toldOf('timeout', host, port), { cause: error });
  }
  if (CERTIFICATE_CODES.some((pattern) => pattern.test(code))) {
    const problem = CERTIFICATE_PROBLEMS[code] ?? 'certificate-handshake';
    return new EgressError('certificate', toldOf(problem, host, port), { cause: error });
  }
  if (code.startsWith('HPE_')) {
    return new EgressError('bad-answer', toldOf('bad-answer', host, port), { cause: error });
  }
  return unreachable(host, port, { cause: error });
}

const CERTIFICATE_PROBLEMS: Readonly<Record<string, keyof typeof EGRESS_TEXTS>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-other-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-unknown-authority',
};

function toldOf(code: keyof typeof EGRESS_TEXTS, host: string, port: number): Told {
  return tell(EGRESS_TEXTS, code, { where: `${host.slice(0, 255)}:${port}` });
}
