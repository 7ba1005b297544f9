import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '（已满足）',
  'passwords.rule.too-short': '至少 {value, plural, other {# 个字符}}',
  'passwords.rule.too-long': '最多 {value, plural, other {# 个字符}}',
  'passwords.rule.no-lowercase': '包含小写字母',
  'passwords.rule.no-uppercase': '包含大写字母',
  'passwords.rule.no-number': '包含数字',
  'passwords.rule.no-symbol': '包含符号',
  'passwords.rule.too-few-different': '至少 {value, plural, other {# 个不同的字符}}',
  'passwords.rule.contains-user-name': '不包含您的用户名',
  'passwords.rule.is-user-name': '不是您的用户名',
  'passwords.rule.context': '不只是您的名称或账号名称加上数字或符号',
  'passwords.rule.common': '不是攻击者最先尝试的常见密码',
  'passwords.rule.breached': '未在其他网站的泄露事件中出现过',
  'passwords.rule.used-before': '与当前密码不同，也与{value, plural, =1 {上一个密码} other {之前的 # 个密码}}不同',
  'passwords.flaw.too-short': '密码至少需要 {value, plural, other {# 个字符}}。',
  'passwords.flaw.too-long': '密码最多只能有 {value, plural, other {# 个字符}}。',
  'passwords.flaw.no-lowercase': '密码必须包含小写字母。',
  'passwords.flaw.no-uppercase': '密码必须包含大写字母。',
  'passwords.flaw.no-number': '密码必须包含数字。',
  'passwords.flaw.no-symbol': '密码必须包含符号。',
  'passwords.flaw.too-few-different': '密码至少需要 {value, plural, other {# 个不同的字符}}。',
  'passwords.flaw.contains-user-name': '密码不能包含用户名。',
  'passwords.flaw.is-user-name': '密码不能是用户名。',
  'passwords.flaw.context': '此密码与您的名称、账号名称或此服务的名称过于接近。请选用与它们无关的词语。',
  'passwords.flaw.common': '此密码是攻击者最先尝试的密码之一。请换一个更难猜到的密码。',
  'passwords.flaw.breached': '此密码曾在其他网站的泄露事件中出现过。请换一个未在别处使用的密码。',
  'passwords.flaw.present': '新密码与您的初始密码或当前密码相同。请换一个密码。',
  'passwords.flaw.used-before':
    '此密码以前使用过；{value, plural, =1 {不能再次使用上一个密码} other {不能再次使用最近的 # 个密码}}。',
};
