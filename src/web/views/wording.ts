/** The name as it reads in front of a fixed `@alias`: what is typed once need not be shown twice. */
export function bareName(logonName: string, alias: string): string {
  const ending = `@${alias}`;
  return logonName.toLowerCase().endsWith(ending) ? logonName.slice(0, -ending.length) : logonName;
}

/** Groups of four are what people can copy from one screen to another. */
export function groupByFour(text: string): string {
  return text.replace(/(.{4})(?=.)/gu, '$1 ');
}
