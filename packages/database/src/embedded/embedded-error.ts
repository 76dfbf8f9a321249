/** The embedded PostgreSQL cannot be used; the message says why and what to do, in words for the person who started it. */
export class EmbeddedPostgresError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}

/** The way out that every such message can offer. */
export const USE_A_SERVER = 'or set MOORAGE_DATABASE_URL to use a PostgreSQL server of your own';
