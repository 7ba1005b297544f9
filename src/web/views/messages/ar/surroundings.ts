import type { Messages } from '../catalog.ts';
import type { surroundings as english } from '../en/surroundings.ts';

/** What every kind of page can say: layouts, errors, the ways in and out. */
export const surroundings: Messages<typeof english> = {
  'common.continue': 'متابعة',
  'common.error-title': 'خطأ: {title}',
  'common.show': 'إظهار',
  'common.hide': 'إخفاء',
  'common.copy': 'نسخ',
  'common.copy-all': 'نسخ الكل',
  'common.copied': 'تم النسخ',
  'common.copying-refused': 'النسخ غير مسموح به هنا. حدِّد النص وانسخه يدويًا.',
  'common.caps-lock': 'مفتاح Caps Lock مفعَّل',
  'common.language': 'اللغة',
  'common.try-again-in': 'الوقت المتبقي قبل إعادة المحاولة: {time}.',
  'common.try-again-now': 'يمكنك إعادة المحاولة الآن.',
  'common.logging-on-as': 'تسجيل الدخول باسم',
  'common.towards': 'للمتابعة إلى <b>{app}</b>',
  'common.to-logon-page': 'الانتقال إلى صفحة تسجيل الدخول',
  'common.to-your-logon-page': 'الانتقال إلى صفحة تسجيل دخولك',
  'common.reference': 'الرمز المرجعي للدعم: <code>{id}</code>',

  'general.title': 'تسجيل الدخول',
  'general.name': 'اسم المستخدم',
  'general.hint': 'الاسم والحساب، مثل <code>alice@acme</code>',
  'general.no-alias': 'أدخل اسم تسجيل الدخول بالصيغة user@alias، مثل alice@acme.',
  'general.unknown-alias': 'لا يوجد حساب بهذا الاسم هنا. تحقَّق مما كتبته بعد الرمز @.',

  'stale.title': 'لم تعد هذه الصفحة صالحة',
  'stale.lead': 'اكتمل تسجيل الدخول هذا بالفعل، ربما في علامة تبويب أخرى، أو انتهت مهلته. لم تفقد أي شيء.',
  'stale.start-again': 'البدء من جديد',
  'stale.towards': 'كنت في طريقك إلى <b>{app}</b>',

  'handover.title': 'لحظة من فضلك',
  'handover.lead': 'جارٍ نقلك إلى الصفحة التالية. إذا لم يحدث شيء، فاضغط على الزر.',

  'sign-out.title': 'هل تريد تسجيل الخروج؟',
  'sign-out.lead-app':
    'يطلب التطبيق <b>{app}</b> تسجيل خروجك. سيتم أيضًا تسجيل خروجك من التطبيقات الأخرى التي فُتحت في هذه الجلسة.',
  'sign-out.lead': 'سيتم تسجيل خروجك من هنا ومن التطبيقات التي فُتحت في هذه الجلسة.',
  'sign-out.yes': 'تسجيل الخروج',
  'sign-out.no': 'عدم تسجيل الخروج',
  'signed-out.title': 'تم تسجيل خروجك',
  'signed-out.left': 'لقد خرجت من التطبيق <b>{app}</b>.',
  'signed-out.shared': 'إذا كان الكمبيوتر مشتركًا، فأغلق المتصفح أيضًا.',
  'signed-out.log-on-again': 'تسجيل الدخول مجددًا',

  'error.did-not-work': 'تعذَّر تنفيذ ذلك',
  'error.not-found.title': 'لا يوجد شيء هنا',
  'error.not-found': 'ربما كُتب العنوان بشكل غير صحيح، أو لم يعد ما يشير إليه موجودًا.',
  'error.suspended.title': 'هذا الحساب معلَّق',
  'error.suspended': 'لا يمكن لأحد تسجيل الدخول إليه حاليًا. تواصَل مع الجهة المشغِّلة لهذه الخدمة.',
  'error.away.title': 'سنعود بعد لحظات',
  'error.away': 'يتعذَّر الوصول إلى مخزن بياناتنا حاليًا. لم تفقد أي شيء، يُرجى إعادة المحاولة بعد بضع ثوانٍ.',
  'error.busy.title': 'الخدمة مشغولة جدًا الآن',
  'error.busy': 'لم تفقد أي شيء، يُرجى إعادة المحاولة بعد بضع ثوانٍ.',
  'error.ours.title': 'حدث خطأ',
  'error.ours': 'الخطأ من جانبنا. إذا استمر، فأبلِغ الجهة المشغِّلة لهذه الخدمة.',
  'error.ended-meanwhile': 'تم إنهاء تسجيل الدخول هذا أو إكماله في هذه الأثناء. ارجع إلى التطبيق وابدأ من جديد.',
  'error.logon-over.title': 'انتهى تسجيل الدخول هذا',
  'error.logon-over': 'انتهت صلاحية تسجيل الدخول هذا أو اكتمل بالفعل. ارجع إلى التطبيق وابدأ من جديد.',
  'error.answered-already': 'اكتملت هذه الخطوة بالفعل، ربما في علامة تبويب أخرى. يُرجى إعادة تحميل الصفحة.',
  'error.malformed': 'تعذَّر فهم البيانات المرسَلة. ارجع وأعِد تحميل الصفحة ثم حاول مرة أخرى.',
  'error.no-permission': 'ليس لديك إذن بتنفيذ ذلك. تواصَل مع أحد مسؤولي حسابك.',
  'error.refused': 'لا يمكن تنفيذ ذلك في الوضع الحالي. ارجع وأعِد تحميل الصفحة ثم حاول مرة أخرى.',
  'error.throttled': 'محاولات كثيرة جدًا. انتظر بضع دقائق ثم حاول مرة أخرى.',
  'error.too-large': 'البيانات المرسَلة كبيرة جدًا.',
  'error.form-refused':
    'لم يُرسَل هذا النموذج من الصفحة التي ينتمي إليها، أو أن الصفحة قديمة. ارجع وأعِد تحميلها ثم حاول مرة أخرى.',
  'error.app.invalid_client': 'هذا التطبيق غير معروف هنا، أو لم يعد معروفًا. تواصَل مع الجهة المشغِّلة له. ({error})',
  'error.app.invalid_redirect_uri':
    'طلب التطبيق العودة إلى عنوان غير مسجَّل له. تواصَل مع الجهة المشغِّلة للتطبيق. ({error})',
  'error.app.invalid_request': 'أرسل التطبيق طلبًا تعذَّر فهمه. ارجع إلى التطبيق وحاول مرة أخرى. ({error})',
  'error.app.unauthorized_client':
    'لا يُسمح لهذا التطبيق بتسجيل دخول المستخدمين هنا. تواصَل مع الجهة المشغِّلة له. ({error})',
  'error.app': 'تعذَّرت الاستجابة للطلب. ({error})',
};
