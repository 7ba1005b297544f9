const pattern =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Reads a date and time of RFC 3339, in milliseconds since 1970; undefined for anything else, the 30th of February included. */
export function parseInstant(text: string): number | undefined {
  const day = pattern.exec(text)?.[1];
  return day === undefined || !isDay(day) ? undefined : Date.parse(text);
}

/** `Date` would carry the 30th of February over into March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
