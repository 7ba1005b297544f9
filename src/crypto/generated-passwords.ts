import { randomInt } from 'node:crypto';

/** No look-alikes (0 O, 1 l I), so that a password read out or copied by hand arrives. */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const classes = [/[a-z]/, /[A-Z]/, /[2-9]/];

const leastGroups = 4;
const groupLength = 5;

/**
 * A password to hand over once: four groups of five characters (more where `leastLength` needs them), 116 random bits, with lower case,
 * upper case, digits and a hyphen as symbol.
 */
export function generatePassword(leastLength = 0): string {
  const groups = Math.max(leastGroups, Math.ceil((leastLength + 1) / (groupLength + 1)));
  const draw = () => Array.from({ length: groups * groupLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  let characters = draw();
  while (!classes.every((one) => one.test(characters))) characters = draw();
  return Array.from({ length: groups }, (_, index) =>
    characters.slice(index * groupLength, (index + 1) * groupLength),
  ).join('-');
}
