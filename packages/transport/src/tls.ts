/** What TLS needs beyond the system's own certificates; as `node:tls` takes them. */
export interface TlsOptions {
  /** The authorities that are trusted, instead of the system's: PEM. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[]
  /** The client's certificate: PEM. */
  readonly cert?: string | Buffer
  /** Its key: PEM. */
  readonly key?: string | Buffer
  /** What the key is encrypted with. */
  readonly passphrase?: string
  /** The server's name, where it is not the address's host. */
  readonly servername?: string
  /** `false` trusts any certificate: for tests alone. */
  readonly rejectUnauthorized?: boolean
}
