import type { Messages } from '../catalog.ts';
import type { passwords as english } from '../en/passwords.ts';

/** Rules for passwords, as a list to check off (`rule`), and what is wrong with one that breaks them (`flaw`). */
export const passwords: Messages<typeof english> = {
  'passwords.met': '(تم استيفاء الشرط)',
  'passwords.rule.too-short':
    '{value, plural, zero {# حرف} one {حرف واحد} two {حرفان} few {# أحرف} many {# حرفًا} other {# حرف}} على الأقل',
  'passwords.rule.too-long':
    '{value, plural, zero {# حرف} one {حرف واحد} two {حرفان} few {# أحرف} many {# حرفًا} other {# حرف}} على الأكثر',
  'passwords.rule.no-lowercase': 'تحتوي على حرف صغير',
  'passwords.rule.no-uppercase': 'تحتوي على حرف كبير',
  'passwords.rule.no-number': 'تحتوي على رقم',
  'passwords.rule.no-symbol': 'تحتوي على رمز خاص',
  'passwords.rule.too-few-different':
    '{value, plural, zero {# حرف مختلف} one {حرف مختلف واحد} two {حرفان مختلفان} few {# أحرف مختلفة} many {# حرفًا مختلفًا} other {# حرف مختلف}} على الأقل',
  'passwords.rule.contains-user-name': 'لا تحتوي على اسم المستخدم',
  'passwords.rule.is-user-name': 'تختلف عن اسم المستخدم',
  'passwords.rule.context': 'ليست مجرد اسمك أو اسم حسابك مع إضافة أرقام أو رموز',
  'passwords.rule.common': 'ليست من كلمات المرور التي يجرّبها المهاجمون أولًا',
  'passwords.rule.breached': 'لم تظهر في تسريب بيانات من موقع آخر',
  'passwords.rule.used-before':
    'ليست كلمة المرور الحالية، {value, plural, zero {ولا كلمة مرور سابقة لها} one {ولا التي قبلها} two {ولا إحدى كلمتي المرور السابقتين لها} few {ولا إحدى آخر # كلمات مرور قبلها} many {ولا إحدى آخر # كلمة مرور قبلها} other {ولا إحدى آخر # كلمة مرور قبلها}}',
  'passwords.flaw.too-short':
    'يجب ألا تقل كلمة المرور عن {value, plural, zero {# حرف} one {حرف واحد} two {حرفين} few {# أحرف} many {# حرفًا} other {# حرف}}.',
  'passwords.flaw.too-long':
    'يجب ألا تزيد كلمة المرور على {value, plural, zero {# حرف} one {حرف واحد} two {حرفين} few {# أحرف} many {# حرفًا} other {# حرف}}.',
  'passwords.flaw.no-lowercase': 'يجب أن تحتوي كلمة المرور على حرف صغير.',
  'passwords.flaw.no-uppercase': 'يجب أن تحتوي كلمة المرور على حرف كبير.',
  'passwords.flaw.no-number': 'يجب أن تحتوي كلمة المرور على رقم.',
  'passwords.flaw.no-symbol': 'يجب أن تحتوي كلمة المرور على رمز خاص.',
  'passwords.flaw.too-few-different':
    'يجب أن تحتوي كلمة المرور على {value, plural, zero {# حرف مختلف} one {حرف مختلف واحد} two {حرفين مختلفين} few {# أحرف مختلفة} many {# حرفًا مختلفًا} other {# حرف مختلف}} على الأقل.',
  'passwords.flaw.contains-user-name': 'يجب ألا تحتوي كلمة المرور على اسم المستخدم.',
  'passwords.flaw.is-user-name': 'يجب ألا تكون كلمة المرور هي اسم المستخدم.',
  'passwords.flaw.context':
    'لا تكاد كلمة المرور هذه تختلف عن اسمك أو اسم حسابك أو اسم هذه الخدمة. اختر كلمات لا صلة لها بهذه الأسماء.',
  'passwords.flaw.common': 'كلمة المرور هذه من الكلمات التي يجرّبها المهاجمون أولًا. اختر كلمة مرور يصعب تخمينها.',
  'passwords.flaw.breached':
    'ظهرت كلمة المرور هذه في تسريب بيانات من موقع آخر. اختر كلمة مرور لا تستخدمها في أي مكان آخر.',
  'passwords.flaw.present': 'كلمة المرور الجديدة هي نفسها الحالية أو التي مُنحت لك. اختر كلمة مرور أخرى.',
  'passwords.flaw.used-before':
    'سبق استخدام كلمة المرور هذه. لا يمكن إعادة استخدام {value, plural, zero {أي كلمة مرور سابقة} one {آخر كلمة مرور} two {آخر كلمتي مرور} few {آخر # كلمات مرور} many {آخر # كلمة مرور} other {آخر # كلمة مرور}}.',
};
