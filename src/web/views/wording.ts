/** `45` -> `45 seconds`, `90` -> `2 minutes`: never less than what is left. */
export function durationInWords(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return count(whole, 'second');
  if (whole < 3600) return count(Math.ceil(whole / 60), 'minute');
  return count(Math.ceil(whole / 3600), 'hour');
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** The name as it reads in front of a fixed `@alias`: what is typed once need not be shown twice. */
export function bareName(logonName: string, alias: string): string {
  const ending = `@${alias}`;
  return logonName.toLowerCase().endsWith(ending) ? logonName.slice(0, -ending.length) : logonName;
}

/** Groups of four are what people can copy from one screen to another. */
export function groupByFour(text: string): string {
  return text.replace(/(.{4})(?=.)/gu, '$1 ');
}

/** `22 Nov 2026, 06:19 UTC`. */
export function formatInstant(instant: Date): string {
  return `${instantFormat.format(instant)} UTC`;
}

const instantFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
