import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(충족됨)',
  'passwords.rule.too-short': '{value, plural, other {#자}} 이상',
  'passwords.rule.too-long': '{value, plural, other {#자}} 이하',
  'passwords.rule.no-lowercase': '소문자 포함',
  'passwords.rule.no-uppercase': '대문자 포함',
  'passwords.rule.no-number': '숫자 포함',
  'passwords.rule.no-symbol': '기호 포함',
  'passwords.rule.too-few-different': '서로 다른 문자 {value, plural, other {#개}} 이상',
  'passwords.rule.contains-user-name': '사용자 이름을 포함하지 않음',
  'passwords.rule.is-user-name': '사용자 이름과 같지 않음',
  'passwords.rule.context': '본인 이름이나 계정 이름에 숫자 또는 기호만 덧붙인 것이 아님',
  'passwords.rule.common': '공격자가 가장 먼저 시도하는 비밀번호가 아님',
  'passwords.rule.breached': '다른 사이트에서 유출된 비밀번호가 아님',
  'passwords.rule.used-before': '현재 비밀번호 및 {value, plural, other {이전 비밀번호 #개}}와 다름',
  'passwords.flaw.too-short': '비밀번호는 {value, plural, other {#자}} 이상이어야 합니다.',
  'passwords.flaw.too-long': '비밀번호는 {value, plural, other {#자}} 이하여야 합니다.',
  'passwords.flaw.no-lowercase': '비밀번호에 소문자를 포함해야 합니다.',
  'passwords.flaw.no-uppercase': '비밀번호에 대문자를 포함해야 합니다.',
  'passwords.flaw.no-number': '비밀번호에 숫자를 포함해야 합니다.',
  'passwords.flaw.no-symbol': '비밀번호에 기호를 포함해야 합니다.',
  'passwords.flaw.too-few-different': '비밀번호에 서로 다른 문자를 {value, plural, other {#개}} 이상 사용해야 합니다.',
  'passwords.flaw.contains-user-name': '비밀번호에 사용자 이름을 포함할 수 없습니다.',
  'passwords.flaw.is-user-name': '사용자 이름과 같은 비밀번호는 사용할 수 없습니다.',
  'passwords.flaw.context':
    '이 비밀번호는 본인 이름, 계정 이름 또는 이 서비스의 이름과 거의 같습니다. 이와 관련 없는 단어를 선택하세요.',
  'passwords.flaw.common':
    '이 비밀번호는 공격자가 가장 먼저 시도하는 비밀번호 중 하나입니다. 추측하기 더 어려운 비밀번호를 선택하세요.',
  'passwords.flaw.breached':
    '이 비밀번호는 다른 사이트에서 유출된 것으로 알려져 있습니다. 다른 곳에서 사용하지 않는 비밀번호를 선택하세요.',
  'passwords.flaw.present': '발급받은 비밀번호 또는 현재 비밀번호와 같습니다. 다른 비밀번호를 선택하세요.',
  'passwords.flaw.used-before':
    '이전에 사용한 비밀번호입니다. {value, plural, other {최근 사용한 비밀번호 #개}}는 다시 선택할 수 없습니다.',
};
