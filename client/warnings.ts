const WARNING = /\d{3} \S+ ("(?:[^"\\]|\\.)*")/g;

/** The sentences of a Warning header (RFC 7234), as the platform writes them; what is written otherwise is left out. */
export function warningsIn(header: string | readonly string[] | undefined): string[] {
  return [...String(header ?? "").matchAll(WARNING)].flatMap(([, quoted = ""]) => {
    try {
      return [String(JSON.parse(quoted))];
    } catch {
      return [];
    }
  });
}
