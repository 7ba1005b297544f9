import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '（条件を満たしています）',
  'passwords.rule.too-short': '{value, plural, other {#文字以上}}',
  'passwords.rule.too-long': '{value, plural, other {#文字以下}}',
  'passwords.rule.no-lowercase': '小文字を含む',
  'passwords.rule.no-uppercase': '大文字を含む',
  'passwords.rule.no-number': '数字を含む',
  'passwords.rule.no-symbol': '記号を含む',
  'passwords.rule.too-few-different': '{value, plural, other {#種類以上の文字を使用}}',
  'passwords.rule.contains-user-name': 'ユーザー名を含まない',
  'passwords.rule.is-user-name': 'ユーザー名と同じではない',
  'passwords.rule.context': '自分の名前やアカウント名に、数字や記号を付け足しただけではない',
  'passwords.rule.common': '攻撃者が最初に試すパスワードではない',
  'passwords.rule.breached': 'ほかのサイトから漏えいしたパスワードではない',
  'passwords.rule.used-before':
    '現在のパスワードでも、{value, plural, =1 {その1つ前のパスワードでもない} other {その前の#個のパスワードのいずれでもない}}',
  'passwords.flaw.too-short': 'パスワードは{value, plural, other {#文字以上}}にしてください。',
  'passwords.flaw.too-long': 'パスワードは{value, plural, other {#文字以下}}にしてください。',
  'passwords.flaw.no-lowercase': 'パスワードに小文字を含めてください。',
  'passwords.flaw.no-uppercase': 'パスワードに大文字を含めてください。',
  'passwords.flaw.no-number': 'パスワードに数字を含めてください。',
  'passwords.flaw.no-symbol': 'パスワードに記号を含めてください。',
  'passwords.flaw.too-few-different': 'パスワードには{value, plural, other {#種類以上の文字}}を使用してください。',
  'passwords.flaw.contains-user-name': 'パスワードにユーザー名を含めることはできません。',
  'passwords.flaw.is-user-name': 'ユーザー名と同じパスワードは使用できません。',
  'passwords.flaw.context':
    'このパスワードは、あなたの名前、アカウント名、またはこのサービスの名前とほとんど変わりません。それらと関係のない言葉を選んでください。',
  'passwords.flaw.common':
    'このパスワードは、攻撃者が最初に試すものの1つです。より推測されにくいパスワードを選んでください。',
  'passwords.flaw.breached':
    'このパスワードは、ほかのサイトから漏えいしたことが確認されています。ほかで使用していないパスワードを選んでください。',
  'passwords.flaw.present': '発行されたパスワードまたは現在のパスワードと同じです。別のパスワードを選んでください。',
  'passwords.flaw.used-before':
    'このパスワードは以前に使用されています。{value, plural, =1 {直前のパスワード} other {直近#個のパスワード}}は再利用できません。',
};
