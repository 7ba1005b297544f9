import { InvalidArgumentError } from 'commander';

/** Reads a whole number from 1 to `max`. */
export const wholeNumber =
  (max: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > max) throw new InvalidArgumentError(`Expected a number from 1 to ${max}.`);
    return value;
  };

/** Gathers an option that may be given several times. */
export const collect = (value: string, earlier: readonly string[] | undefined): string[] => [...(earlier ?? []), value];

/** In a change, the empty text takes a field away. (The parser of arguments would turn a null back into an empty text.) */
export const emptyIsNull = <T>(value: T): T | null => (value === '' ? null : value);

/** `on` / `off` and the like, for options that a change may set either way. */
export function onOrOff(text: string): boolean {
  if (!['on', 'off'].includes(text)) throw new InvalidArgumentError('Expected on or off.');
  return text === 'on';
}
