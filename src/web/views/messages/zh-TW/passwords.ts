import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '（已符合）',
  'passwords.rule.too-short': '至少 {value, plural, other {# 個字元}}',
  'passwords.rule.too-long': '最多 {value, plural, other {# 個字元}}',
  'passwords.rule.no-lowercase': '包含小寫字母',
  'passwords.rule.no-uppercase': '包含大寫字母',
  'passwords.rule.no-number': '包含數字',
  'passwords.rule.no-symbol': '包含符號',
  'passwords.rule.too-few-different': '至少 {value, plural, other {# 個不同的字元}}',
  'passwords.rule.contains-user-name': '不包含您的使用者名稱',
  'passwords.rule.is-user-name': '不是您的使用者名稱',
  'passwords.rule.context': '不只是您的名稱或帳戶名稱加上數字或符號',
  'passwords.rule.common': '不是攻擊者最先嘗試的常見密碼',
  'passwords.rule.breached': '未曾在其他網站的外洩事件中出現',
  'passwords.rule.used-before': '與目前的密碼不同，也與{value, plural, =1 {前一組密碼} other {先前的 # 組密碼}}不同',
  'passwords.flaw.too-short': '密碼至少需要 {value, plural, other {# 個字元}}。',
  'passwords.flaw.too-long': '密碼最多只能有 {value, plural, other {# 個字元}}。',
  'passwords.flaw.no-lowercase': '密碼必須包含小寫字母。',
  'passwords.flaw.no-uppercase': '密碼必須包含大寫字母。',
  'passwords.flaw.no-number': '密碼必須包含數字。',
  'passwords.flaw.no-symbol': '密碼必須包含符號。',
  'passwords.flaw.too-few-different': '密碼至少需要 {value, plural, other {# 個不同的字元}}。',
  'passwords.flaw.contains-user-name': '密碼不得包含使用者名稱。',
  'passwords.flaw.is-user-name': '密碼不得為使用者名稱。',
  'passwords.flaw.context': '此密碼與您的名稱、帳戶名稱或此服務的名稱過於相近。請選用與這些名稱無關的字詞。',
  'passwords.flaw.common': '此密碼是攻擊者最先嘗試的密碼之一。請換一組更難猜到的密碼。',
  'passwords.flaw.breached': '此密碼曾在其他網站的外洩事件中出現。請換一組未在其他地方使用的密碼。',
  'passwords.flaw.present': '新密碼與您的初始密碼或目前的密碼相同。請換一組密碼。',
  'passwords.flaw.used-before':
    '此密碼先前使用過；{value, plural, =1 {不能再次使用前一組密碼} other {不能再次使用最近的 # 組密碼}}。',
};
