import type { Messages } from '../catalog.ts';
import type { surroundings as english } from '../en/surroundings.ts';

/** What every kind of page can say: layouts, errors, the ways in and out. */
export const surroundings: Messages<typeof english> = {
  'common.continue': '続行',
  'common.error-title': 'エラー：{title}',
  'common.show': '表示',
  'common.hide': '非表示',
  'common.copy': 'コピー',
  'common.copy-all': 'すべてコピー',
  'common.copied': 'コピーしました',
  'common.copying-refused': 'ここではコピーできません。テキストを選択して、手動でコピーしてください。',
  'common.caps-lock': 'Caps Lockがオンになっています',
  'common.language': '言語',
  'common.try-again-in': '{time}後に再試行できます。',
  'common.try-again-now': '再試行できるようになりました。',
  'common.logging-on-as': 'ログインするユーザー：',
  'common.towards': '続けて<b>{app}</b>に進みます',
  'common.to-logon-page': 'ログインページに移動',
  'common.to-your-logon-page': 'ご利用のログインページに移動',
  'common.reference': 'お問い合わせ用の参照番号：<code>{id}</code>',

  'general.title': 'ログイン',
  'general.name': 'ユーザー名',
  'general.hint': '名前とアカウント（例：<code>alice@acme</code>）',
  'general.no-alias': 'ログイン名をuser@aliasの形式で入力してください（例：alice@acme）。',
  'general.unknown-alias': 'この名前のアカウントは見つかりません。@の後の部分を確認してください。',

  'stale.title': 'このページは期限切れです',
  'stale.lead': 'このログインは別のタブなどですでに完了したか、時間が経過しすぎています。失われたデータはありません。',
  'stale.start-again': '最初からやり直す',
  'stale.towards': '移動先のアプリ：<b>{app}</b>',

  'handover.title': 'お待ちください',
  'handover.lead': '次のページに移動しています。画面が切り替わらない場合は、ボタンを押してください。',

  'sign-out.title': 'ログアウトしますか？',
  'sign-out.lead-app':
    '<b>{app}</b>がログアウトを求めています。このログインで開いたほかのアプリからもログアウトします。',
  'sign-out.lead': 'ここと、このログインで開いたアプリからログアウトします。',
  'sign-out.yes': 'ログアウト',
  'sign-out.no': 'ログインしたままにする',
  'signed-out.title': 'ログアウトしました',
  'signed-out.left': '<b>{app}</b>からログアウトしました。',
  'signed-out.shared': '共用のパソコンでは、ブラウザも閉じてください。',
  'signed-out.log-on-again': 'もう一度ログイン',

  'error.did-not-work': '処理できませんでした',
  'error.not-found.title': 'ページが見つかりません',
  'error.not-found': 'アドレスに誤りがあるか、ページが削除された可能性があります。',
  'error.suspended.title': 'このアカウントは停止されています',
  'error.suspended': '現在、このアカウントには誰もログインできません。サービスの運営者にお問い合わせください。',
  'error.away.title': 'まもなく再開します',
  'error.away': '現在、データの保存先に接続できません。失われたデータはありません。数秒後にもう一度お試しください。',
  'error.busy.title': '現在混み合っています',
  'error.busy': '失われたデータはありません。数秒後にもう一度お試しください。',
  'error.ours.title': '問題が発生しました',
  'error.ours': 'サービス側で問題が発生しました。解決しない場合は、サービスの運営者にご連絡ください。',
  'error.ended-meanwhile': 'このログインは途中で終了または完了しました。アプリに戻って、最初からやり直してください。',
  'error.logon-over.title': 'このログインは終了しています',
  'error.logon-over':
    'このログインは有効期限が切れたか、すでに完了しています。アプリに戻って、最初からやり直してください。',
  'error.answered-already':
    'この手順は、別のタブなどですでに完了している可能性があります。ページを再読み込みしてください。',
  'error.malformed': '送信された内容を認識できません。前のページに戻って再読み込みし、もう一度お試しください。',
  'error.no-permission': 'この操作を行う権限がありません。アカウントの管理者にお問い合わせください。',
  'error.refused': '現在の状態ではこの操作を行えません。前のページに戻って再読み込みし、もう一度お試しください。',
  'error.throttled': '試行回数が多すぎます。数分待ってから、もう一度お試しください。',
  'error.too-large': '送信された内容が大きすぎます。',
  'error.form-refused':
    'フォームが正しいページから送信されていないか、ページの有効期限が切れています。前のページに戻って再読み込みし、もう一度お試しください。',
  'error.app.invalid_client':
    'このアプリは登録されていないか、登録が解除されています。アプリの運営者にお問い合わせください。（{error}）',
  'error.app.invalid_redirect_uri':
    'アプリが指定した戻り先のアドレスは、このアプリに登録されていません。アプリの運営者にお問い合わせください。（{error}）',
  'error.app.invalid_request':
    'アプリから送信されたリクエストを認識できません。アプリに戻って、もう一度お試しください。（{error}）',
  'error.app.unauthorized_client':
    'このアプリには、ここでユーザーをログインさせる権限がありません。アプリの運営者にお問い合わせください。（{error}）',
  'error.app': 'リクエストを処理できませんでした。（{error}）',
};
