/** An alias: one version, or two with a weight (guide 3.3.10). */
export interface AliasSpec {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The grey version and the share of requests that go to it, in percent 0–100. Never `latest`. */
  readonly additional?: { readonly version: string; readonly weight: number };
}
