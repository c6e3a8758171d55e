/** Paths of one project's calls. URNs may be short forms; colons stay as they are, so that paths read well in logs. */
export class Paths {
  readonly #project: string;
  readonly #root: string;

  constructor(projectId: string) {
    this.#project = `/v2/${segment(projectId)}`;
    this.#root = `${this.#project}/fgs`;
  }

  functions(): string {
    return `${this.#root}/functions`;
  }

  /** `functions/<urn>`, with what is below it. */
  function(urn: string, ...below: string[]): string {
    return [`${this.#root}/functions`, segment(urn), ...below.map(segment)].join("/");
  }

  /** The tags of a function, with what is below them. */
  tags(urn: string, ...below: string[]): string {
    return [`${this.#project}/functions`, segment(urn), "tags", ...below.map(segment)].join("/");
  }

  dependencies(): string {
    return `${this.#root}/dependencies`;
  }

  /** `triggers/<urn>`, with what is below it. */
  triggers(urn: string, ...below: string[]): string {
    return [`${this.#root}/triggers`, segment(urn), ...below.map(segment)].join("/");
  }
}

function segment(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}
