import type { Messages } from '../catalog.ts';
import type { logon as english } from '../en/logon.ts';

/** The hosted logon, step by step. */
export const logon: Messages<typeof english> = {
  'password.title': '{account}にログイン',
  'password.heading': 'ログイン',
  'password.name': 'ユーザー名',
  'password.password': 'パスワード',
  'password.submit': 'ログイン',
  'password.other-account': '別のアカウントにログイン',
  'password.wrong': 'ユーザー名またはパスワードが正しくありません。',
  'password.passkey': 'パスキーでログイン',
  'password.passkey-refused': 'このパスキーはここでは使用できません。もう一度試すか、パスワードを使用してください。',
  'password.go-on-as': '{principal}として続行',
  'logon.begin-again-codes': '確認に失敗した回数が上限に達しました。最初からログインし直してください。',
  'logon.begin-again-changed':
    'パスワードなど、ログインに関する情報が変更されました。最初からログインし直してください。',
  'logon.too-many-tries': '試行回数が多すぎます。しばらく待ってから、もう一度お試しください。',
  'logon.remember-device': 'このデバイスでは7日間この確認を求めない',
  'logon.remember-device-hint': 'このブラウザをほかの人が使わない場合にのみ選択してください。',

  'totp.title': '2段階認証',
  'totp.code': '確認コード',
  'totp.hint': '認証アプリに現在表示されている6桁のコードです。',
  'totp.submit': '確認',
  'totp.wrong': 'コードが正しくないか、すでに使用されています。次のコードが表示されるまでお待ちください。',

  'recovery.title': 'リカバリーコードを使用',
  'recovery.code': 'リカバリーコード',
  'recovery.hint': '2段階認証の設定時に保存したコードのいずれかです。各コードは1回だけ使用できます。',
  'recovery.wrong': 'リカバリーコードが正しくないか、すでに使用されています。',

  'passkey-factor.title': 'パスキーで確認',
  'passkey-factor.one-of': '設定済みのいずれかを使用してください：',
  'passkey-factor.submit': 'パスキーまたはセキュリティキーを使用',
  'passkey-factor.wrong': 'パスキーまたはセキュリティキーを確認できませんでした。もう一度お試しください。',
  'passkey.failed': '失敗したか、キャンセルされました。もう一度試すか、別の方法を使用してください。',
  'passkey.known': 'このデバイスまたはキーはすでに設定されています。',
  'passkey.unsupported': 'このブラウザではパスキーを使用できません。別の方法を使用してください。',
  'passkey.needs-script':
    'パスキーにはJavaScriptが必要ですが、このブラウザでは無効になっています。別の方法を使用してください。',

  'factor.passkey-factor': '代わりにパスキーまたはセキュリティキーを使用',
  'factor.totp': '代わりに認証アプリを使用',
  'factor.recovery': '代わりにリカバリーコードを使用',

  'step-up.lead': '続行するには、本人確認を行ってください。',
  'step-up.lead-app': '<b>{app}</b>が本人確認を求めています。',
  'step-up.somebody-else': '別のユーザーとしてログイン',
  'step-up.decline': '確認せずに続行',

  'reset.title': '新しいパスワードを設定',
  'reset.lead-first':
    '現在のパスワードは、最初に発行されたものです。今後は、ご自身だけが知っているパスワードをお使いください。',
  'reset.lead-expired': 'パスワードの有効期限が切れました。',
  'reset.new': '新しいパスワード',
  'reset.again': '新しいパスワード（確認）',
  'reset.submit': 'パスワードを保存',
  'reset.differ': '入力した2つのパスワードが一致しません。',
  'reset.match': '入力した2つのパスワードが一致しています',

  'bind.title': '認証アプリを設定',
  'bind.lead': '今後このアカウントでは、ログインのたびに認証アプリのコードの入力が必要になります。',
  'bind.scan': 'アプリでこのQRコードをスキャン',
  'bind.qr-label': '下記のキーのQRコード',
  'bind.no-camera': 'カメラがない場合は、<a>このデバイスのアプリで開く</a>か、次のキーを入力してください：',
  'bind.enter': 'アプリに表示されたコードを入力',
  'bind.submit': '確認して続行',
  'bind.wrong':
    'コードが正しくありません。アプリにこのアカウントが表示されていることを確認し、次のコードでもう一度お試しください。',

  'bind-passkey.title': 'パスキーまたはセキュリティキーを設定',
  'bind-passkey.lead': '今後このアカウントでは、ログインのたびにこれを使用する必要があります。',
  'bind-passkey.name': '名前',
  'bind-passkey.name-hint': '見分けるための名前です（例：「仕事用ノートパソコン」）。空欄のままでもかまいません。',
  'bind-passkey.submit': '設定する',
  'bind-passkey.wrong': '設定できませんでした。もう一度試すか、代わりに認証アプリを使用してください。',
  'bind-passkey.app-instead': '代わりに認証アプリを使用',

  'recovery-codes.title': 'リカバリーコードを保存',
  'recovery-codes.lead':
    'デバイスを紛失したとき、各コードで1回ずつログインできます。コードが表示されるのは今回だけです。パスワードマネージャーに保存するか、紙に控えておいてください。',
  'recovery-codes.submit': '保存しました',

  'consent.title': '{app}にアクセスを許可しますか？',
  'consent.asked': 'このアプリが求めている許可',
  'consent.read': 'このアカウントの設定の読み取り',
  'consent.read-means': 'あなたの権限の範囲内で、ユーザー、グループ、ポリシー、キーを読み取ります。',
  'consent.manage': 'あなたに代わってこのアカウントを管理',
  'consent.manage-means': 'あなたの権限で可能なすべての操作（読み取り、変更、削除）を行います。',
  'consent.offline': '接続の維持',
  'consent.offline-means': 'あなたが利用していない間も、取り消されるまでこのアクセスを維持します。',
  'consent.approve': '許可する',
  'consent.deny': '許可しない',
  'consent.leads-to': '<b>{host}</b>に移動します',

  'scope.openid': 'あなたの識別情報',
  'scope.openid-means': 'あなたを表す番号と、ログインした日時および方法',
  'scope.profile': 'プロフィール',
  'scope.profile-means': '表示名とログイン名',
  'scope.email': 'メールアドレス',
  'scope.email-means': '管理者が登録したアドレス',
  'scope.phone': '電話番号',
  'scope.phone-means': '管理者が登録した番号',
  'scope.groups': 'グループ',
  'scope.groups-means': '所属しているグループの名前',
  'scope.ram': 'アカウント',
  'scope.ram-means': 'アカウント番号とユーザー番号',
};
