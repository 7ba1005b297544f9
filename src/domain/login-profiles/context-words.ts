import { caseless, lookAlikeOf } from './look-alikes.ts';

/** Names that a password must be more than: what is known of its user and stands in the address (NIST SP 800-63B-4, section 3.1.1.2). */
export interface PasswordNames {
  readonly userName: string;
  readonly displayName?: string | null | undefined;
  readonly email?: string | null | undefined;
  /** The account's aliases, and the name it goes by on its pages. */
  readonly accountNames: readonly string[];
}

const serviceName = 'postern';

/** Characters. Shorter ones stand in too many words that have nothing to do with them. */
const shortestWord = 4;

/** Letters, and the halves of characters beyond the basic plane. */
const letterUnit = /[\p{L}\ud800-\udfff]/u;

/** Whether a password consists of these names, in whatever case or letters that look alike, and digits and signs. */
export function isMadeOfNames(password: string, names: PasswordNames): boolean {
  const text = caseless(password);
  const covered = coveredBy(wordsOf(names), lookAlikeOf(text));
  return covered.size > 0 && text.split('').every((unit, at) => covered.has(at) || !letterUnit.test(unit));
}

/** The places of a text that belong to a word in it. */
function coveredBy(words: Iterable<string>, text: string): ReadonlySet<number> {
  const covered = new Set<number>();
  for (const word of words) {
    for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + 1))
      for (let at = start; at < start + word.length; at += 1) covered.add(at);
  }
  return covered;
}

/** Each name whole, its parts, and its parts joined: `alice.smith`, `alice`, `smith`, `alicesmith`. */
function wordsOf({ userName, displayName, email, accountNames }: PasswordNames): ReadonlySet<string> {
  const localPart = (email ?? '').replace(/@[^@]*$/, '');
  const words = [userName, displayName ?? '', localPart, serviceName, ...accountNames].flatMap((name) => {
    const text = caseless(name);
    const parts = text.split(/[^\p{L}\p{N}]+/u);
    return [text, parts.join(''), ...parts];
  });
  return new Set(words.filter((word) => word.length >= shortestWord).map(lookAlikeOf));
}
