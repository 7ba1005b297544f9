import type { Messages } from '../catalog.ts';
import type { logon as english } from '../en/logon.ts';

/** The hosted logon, step by step. */
export const logon: Messages<typeof english> = {
  'password.title': 'Bei {account} anmelden',
  'password.heading': 'Anmelden',
  'password.name': 'Benutzername',
  'password.password': 'Passwort',
  'password.submit': 'Anmelden',
  'password.other-account': 'Bei einem anderen Konto anmelden',
  'password.wrong': 'Der Benutzername oder das Passwort ist falsch.',
  'password.passkey': 'Mit Passkey anmelden',
  'password.passkey-refused':
    'Dieser Passkey kann hier nicht verwendet werden. Versuchen Sie es erneut oder verwenden Sie Ihr Passwort.',
  'password.go-on-as': 'Als {principal} fortfahren',
  'logon.begin-again-codes': 'Zu viele falsche Eingaben. Bitte melden Sie sich noch einmal von vorn an.',
  'logon.begin-again-changed':
    'An Ihrer Anmeldung hat sich inzwischen etwas geändert, vielleicht Ihr Passwort. Bitte melden Sie sich noch einmal von vorn an.',
  'logon.too-many-tries': 'Zu viele Versuche. Warten Sie eine Weile und versuchen Sie es dann erneut.',
  'logon.remember-device': 'Auf diesem Gerät 7 Tage lang nicht mehr danach fragen',
  'logon.remember-device-hint': 'Nur, wenn niemand sonst diesen Browser nutzt.',

  'totp.title': 'Bestätigung in zwei Schritten',
  'totp.code': 'Bestätigungscode',
  'totp.hint': 'Der 6-stellige Code, den Ihre Authenticator-App gerade anzeigt.',
  'totp.submit': 'Bestätigen',
  'totp.wrong': 'Dieser Code ist falsch oder wurde bereits verwendet. Warten Sie auf den nächsten.',

  'recovery.title': 'Wiederherstellungscode verwenden',
  'recovery.code': 'Wiederherstellungscode',
  'recovery.hint':
    'Einer der Codes, die Sie beim Einrichten der Bestätigung in zwei Schritten gespeichert haben. Jeder funktioniert nur einmal.',
  'recovery.wrong': 'Dieser Wiederherstellungscode ist falsch oder wurde bereits verwendet.',

  'passkey-factor.title': 'Mit Passkey bestätigen',
  'passkey-factor.one-of': 'Verwenden Sie einen Ihrer eingerichteten Schlüssel:',
  'passkey-factor.submit': 'Passkey oder Sicherheitsschlüssel verwenden',
  'passkey-factor.wrong':
    'Dieser Passkey oder Sicherheitsschlüssel konnte nicht überprüft werden. Versuchen Sie es erneut.',
  'passkey.failed':
    'Das hat nicht funktioniert oder wurde abgebrochen. Versuchen Sie es erneut oder verwenden Sie eine andere Methode.',
  'passkey.known': 'Dieses Gerät oder dieser Schlüssel wurde bereits eingerichtet.',
  'passkey.unsupported': 'Dieser Browser kann hier keine Passkeys verwenden. Verwenden Sie eine andere Methode.',
  'passkey.needs-script':
    'Passkeys benötigen JavaScript, das in diesem Browser deaktiviert ist. Verwenden Sie eine andere Methode.',

  'factor.passkey-factor': 'Stattdessen Passkey oder Sicherheitsschlüssel verwenden',
  'factor.totp': 'Stattdessen Authenticator-App verwenden',
  'factor.recovery': 'Stattdessen Wiederherstellungscode verwenden',

  'step-up.lead': 'Bestätigen Sie Ihre Identität, um fortzufahren.',
  'step-up.lead-app': '<b>{app}</b> bittet Sie, Ihre Identität zu bestätigen.',
  'step-up.somebody-else': 'Als jemand anderes anmelden',
  'step-up.decline': 'Ohne Bestätigung fortfahren',

  'reset.title': 'Neues Passwort wählen',
  'reset.lead-first': 'Sie haben ein Startpasswort erhalten. Verwenden Sie ab jetzt ein Passwort, das nur Sie kennen.',
  'reset.lead-expired': 'Ihr Passwort ist abgelaufen.',
  'reset.new': 'Neues Passwort',
  'reset.again': 'Neues Passwort wiederholen',
  'reset.submit': 'Passwort speichern',
  'reset.differ': 'Die beiden Eingaben stimmen nicht überein.',
  'reset.match': 'Die beiden Eingaben stimmen überein',

  'bind.title': 'Authenticator‑App einrichten',
  'bind.lead': 'Ihr Konto verlangt ab jetzt bei jeder Anmeldung einen Code aus dieser App.',
  'bind.scan': 'Mit der App scannen',
  'bind.qr-label': 'QR-Code mit dem Schlüssel unten',
  'bind.no-camera': 'Keine Kamera? <a>In einer App auf diesem Gerät öffnen</a> oder diesen Schlüssel eingeben:',
  'bind.enter': 'Angezeigten Code eingeben',
  'bind.submit': 'Bestätigen und fortfahren',
  'bind.wrong':
    'Dieser Code ist falsch. Prüfen Sie, ob die App dieses Konto anzeigt, und versuchen Sie es mit dem nächsten Code.',

  'bind-passkey.title': 'Passkey oder Sicherheitsschlüssel einrichten',
  'bind-passkey.lead': 'Ihr Konto verlangt ihn ab jetzt bei jeder Anmeldung.',
  'bind-passkey.name': 'Name',
  'bind-passkey.name-hint':
    'Woran Sie ihn später erkennen, zum Beispiel „Arbeitslaptop“. Sie können das Feld leer lassen.',
  'bind-passkey.submit': 'Einrichten',
  'bind-passkey.wrong':
    'Die Einrichtung ist fehlgeschlagen. Versuchen Sie es erneut oder verwenden Sie stattdessen eine Authenticator-App.',
  'bind-passkey.app-instead': 'Stattdessen Authenticator-App verwenden',

  'recovery-codes.title': 'Wiederherstellungscodes speichern',
  'recovery-codes.lead':
    'Wenn Sie Ihr Gerät verlieren, können Sie sich mit jedem dieser Codes einmal anmelden. Die Codes werden nur jetzt angezeigt: Bewahren Sie sie in einem Passwortmanager oder auf Papier auf.',
  'recovery-codes.submit': 'Ich habe sie gespeichert',

  'consent.title': '{app} den Zugriff erlauben?',
  'consent.asked': 'Diese App bittet um Folgendes',
  'consent.read': 'Einstellungen dieses Kontos lesen',
  'consent.read-means': 'Benutzer, Gruppen, Richtlinien und Schlüssel, soweit Ihre eigenen Berechtigungen reichen.',
  'consent.manage': 'Dieses Konto in Ihrem Namen verwalten',
  'consent.manage-means': 'Alles, was Ihre eigenen Berechtigungen erlauben: lesen, ändern und löschen.',
  'consent.offline': 'Verbunden bleiben',
  'consent.offline-means': 'Die App behält diesen Zugriff, auch wenn Sie nicht da sind, bis er ihr entzogen wird.',
  'consent.approve': 'Erlauben',
  'consent.deny': 'Nicht erlauben',
  'consent.leads-to': 'Sie werden zu <b>{host}</b> weitergeleitet',

  'scope.openid': 'Ihre Identität',
  'scope.openid-means': 'Eine Nummer, die für Sie steht, sowie Zeitpunkt und Art Ihrer Anmeldung',
  'scope.profile': 'Ihr Profil',
  'scope.profile-means': 'Ihr Anzeigename und Ihr Anmeldename',
  'scope.email': 'Ihre E-Mail-Adresse',
  'scope.email-means': 'Die Adresse, die Ihr Administrator hinterlegt hat',
  'scope.phone': 'Ihre Telefonnummer',
  'scope.phone-means': 'Die Nummer, die Ihr Administrator hinterlegt hat',
  'scope.groups': 'Ihre Gruppen',
  'scope.groups-means': 'Die Namen der Gruppen, denen Sie angehören',
  'scope.ram': 'Ihr Konto',
  'scope.ram-means': 'Die Nummern Ihres Kontos und Ihres Benutzers',
};
