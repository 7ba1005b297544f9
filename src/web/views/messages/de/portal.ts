import type { Messages } from '../catalog.ts';
import type { portal as english } from '../en/portal.ts';

/** A RAM user's own pages. */
export const portal: Messages<typeof english> = {
  'portal.page-title': '{title} – {account}',
  'portal.navigation': 'Ihr Konto',
  'portal.skip': 'Zum Inhalt springen',
  'portal.signed-in-as': 'Angemeldet als',
  'portal.sign-out': 'Abmelden',
  'portal.cancel': 'Abbrechen',
  'portal.back': 'Zurück zu „Sicherheit“',

  'portal.section.overview': 'Übersicht',
  'portal.section.details': 'Ihre Daten',
  'portal.section.password': 'Passwort',
  'portal.section.security': 'Sicherheit',
  'portal.section.access-keys': 'Zugriffsschlüssel',
  'portal.section.sessions': 'Geräte',
  'portal.section.apps': 'Apps',
  'portal.section.activity': 'Aktivitäten',

  'portal.hello': 'Guten Tag, {name}',
  'portal.apps': 'Ihre Apps',
  'portal.no-apps':
    'Hier erscheinen die Apps Ihrer Organisation. Bis dahin können Sie sie über ihre eigenen Adressen öffnen: Sie sind angemeldet.',
  'portal.offer.title': 'Schneller und sicherer anmelden',
  'portal.offer':
    'Mit einem Passkey melden Sie sich per Fingerabdruck, Gesicht oder Gerätesperre an. Keine gefälschte Seite kann ihn stehlen.',
  'portal.offer.add': 'Passkey einrichten',
  'portal.permissions': 'Berechtigungen',
  'portal.no-permissions':
    'Sie haben in diesem Konto noch keine Berechtigungen. Apps funktionieren auch ohne. Wenn Sie hier etwas verwalten müssen, wenden Sie sich an einen Administrator von <b>{account}</b>.',
  'portal.help': 'Ansprechpartner',
  'portal.security': 'Sicherheit auf einen Blick',
  'portal.two-step': 'Bestätigung in zwei Schritten',
  'portal.on': 'Ein',
  'portal.off': 'Aus',
  'portal.passkeys': 'Passkeys und Sicherheitsschlüssel',
  'portal.passkey-count': '{count, plural, =0 {Noch keine} one {# eingerichtet} other {# eingerichtet}}',
  'portal.recovery-codes': 'Wiederherstellungscodes',
  'portal.codes-left': '{count, plural, =0 {Keine mehr} one {Noch # übrig} other {Noch # übrig}}',
  'portal.password-set': 'Passwort festgelegt',
  'portal.password-due': 'Passwort ändern bis',
  'portal.last-logon': 'Letzte Anmeldung',
  'portal.first-logon': 'Dies ist Ihre erste Anmeldung',
  'portal.overview.manage': 'Verwalten',
  'portal.overview.change': 'Ändern',
  'portal.overview.see-all': 'Alle anzeigen',
  'portal.needs-attention': '(Handlungsbedarf)',

  'portal.details.lead':
    'Diese Daten werden von den Administratoren von <b>{account}</b> gepflegt. Wenn etwas nicht stimmt, wenden Sie sich an sie.',
  'portal.details.display-name': 'Anzeigename',
  'portal.details.logon-name': 'Anmeldename',
  'portal.details.email': 'E-Mail-Adresse',
  'portal.details.phone': 'Telefonnummer',
  'portal.details.user-id': 'Benutzernummer',
  'portal.details.account-id': 'Kontonummer',
  'portal.details.none': 'Nicht hinterlegt',
  'portal.details.groups': 'Ihre Gruppen',
  'portal.details.no-groups': 'Sie gehören keiner Gruppe an.',
  'portal.details.policies': 'Ihre Berechtigungen',
  'portal.details.no-policies': 'Sie haben in diesem Konto keine Berechtigungen. Apps funktionieren auch ohne.',
  'portal.details.direct': 'Ihnen direkt erteilt',
  'portal.details.through': 'Über die Gruppe {group}',

  'portal.password.title': 'Passwort ändern',
  'portal.password.lead':
    'Sie werden dadurch überall abgemeldet, auch hier. Melden Sie sich danach mit dem neuen Passwort an.',
  'portal.password.old': 'Aktuelles Passwort',
  'portal.password.submit': 'Passwort ändern',
  'portal.password.closed':
    'In diesem Konto legen Administratoren die Passwörter fest. Wenden Sie sich an einen von ihnen, wenn Sie ein anderes benötigen.',
  'portal.ended.password.title': 'Ihr Passwort wurde geändert',
  'portal.ended.password': 'Sie wurden überall abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
  'portal.ended.device.title': 'Erfolgreich entfernt',
  'portal.ended.device': 'Sie wurden überall abgemeldet, damit keine Sitzung offen bleibt, die damit begonnen wurde.',

  'portal.closed':
    'Dieser Bereich ist in diesem Konto nicht für Sie freigegeben. Wenden Sie sich bei Bedarf an einen Administrator.',

  'portal.security.lead': 'Womit Sie sich neben Ihrem Passwort anmelden.',
  'portal.security.devices': 'Passkeys, Sicherheitsschlüssel und Apps',
  'portal.security.none':
    'Noch nichts: Wer Ihr Passwort hat, kann sich in Ihrem Namen anmelden. Mit einem Passkey oder einer Authenticator-App reicht das Passwort allein nicht mehr aus.',
  'portal.security.closed':
    'Administratoren verwalten dies für Sie. Wenden Sie sich an einen von ihnen, wenn sich etwas ändern soll.',
  'portal.security.added': 'Hinzugefügt am {date}',
  'portal.security.used': 'Zuletzt verwendet am {date}',
  'portal.security.never-used': 'Noch nicht verwendet',
  'portal.security.backed-up': 'Backup vorhanden',
  'portal.security.rename': 'Umbenennen',
  'portal.security.new-name': 'Neuer Name',
  'portal.security.save': 'Speichern',
  'portal.security.remove': 'Entfernen',
  'portal.security.add-passkey': 'Passkey oder Sicherheitsschlüssel hinzufügen',
  'portal.security.add-app': 'Authenticator-App hinzufügen',
  'portal.kind.totp': 'Authenticator-App',
  'portal.kind.passkey': 'Passkey',
  'portal.kind.security-key': 'Sicherheitsschlüssel',
  'portal.codes.lead': 'Mit jedem können Sie sich einmal anmelden, wenn Sie Ihr Gerät nicht dabeihaben.',
  'portal.codes.left': '{left, plural, =0 {Keiner} other {#}} von {total} übrig',
  'portal.codes.make': 'Neue Codes erstellen',

  'portal.remove.title': '„{name}“ entfernen?',
  'portal.remove.lead':
    'Damit ist dann keine Anmeldung in Ihrem Namen mehr möglich. Sie werden außerdem überall abgemeldet, auch hier.',
  'portal.remove.last':
    'Das ist Ihr letzter Eintrag: Danach genügt Ihr Passwort allein zur Anmeldung, und Ihre Wiederherstellungscodes verfallen.',
  'portal.remove.submit': 'Entfernen',

  'portal.proof.title': 'Identität bestätigen',
  'portal.proof.passkey': 'Bestätigen Sie mit einem vorhandenen Passkey oder Sicherheitsschlüssel.',
  'portal.proof.passkey-button': 'Passkey oder Sicherheitsschlüssel verwenden',
  'portal.proof.code': 'Bestätigungscode',
  'portal.proof.code-hint': 'Der 6-stellige Code, den eine bereits eingerichtete Authenticator-App gerade anzeigt.',
  'portal.proof.password': 'Ihr Passwort',
  'portal.proof.other': 'Andere Methode',
  'portal.proof.by-passkey': 'Stattdessen Passkey oder Sicherheitsschlüssel verwenden',
  'portal.proof.by-code': 'Stattdessen Code der Authenticator-App verwenden',
  'portal.proof.by-password': 'Stattdessen Passwort verwenden',

  'portal.app.title': 'Authenticator‑App hinzufügen',
  'portal.app.lead': 'Sie zeigt alle 30 Sekunden einen neuen Code an, nach dem Sie bei der Anmeldung gefragt werden.',
  'portal.app.scan': 'Mit der App scannen',
  'portal.app.codes': 'Zwei Codes nacheinander eingeben',
  'portal.app.codes-hint':
    'Geben Sie den angezeigten Code ein, warten Sie auf den nächsten und geben Sie auch diesen ein.',
  'portal.app.code-1': 'Erster Code',
  'portal.app.code-2': 'Nächster Code',
  'portal.app.submit': 'App hinzufügen',

  'portal.passkey.title': 'Passkey oder Sicherheitsschlüssel hinzufügen',
  'portal.passkey.lead':
    'Mit einem Passkey melden Sie sich per Fingerabdruck, Gesicht oder Gerätesperre an. Ein Sicherheitsschlüssel ist ein eigenes kleines Gerät.',
  'portal.passkey.first': 'Verwenden Sie zuerst einen vorhandenen. Danach richten Sie den neuen ein.',
  'portal.passkey.ready': 'Vielen Dank. Richten Sie jetzt den neuen ein.',
  'portal.passkey.create': 'Einrichten',

  'portal.codes.title': 'Wiederherstellungscodes',
  'portal.codes.new-title': 'Ihre neuen Wiederherstellungscodes',
  'portal.codes.save':
    'Die Codes werden nur jetzt angezeigt: Bewahren Sie sie in einem Passwortmanager oder auf Papier auf. Jeder funktioniert nur einmal. Ältere Codes sind nicht mehr gültig.',
  'portal.codes.saved': 'Ich habe sie gespeichert',
  'portal.codes.some-left':
    '{left, plural, =0 {Sie haben keine mehr.} one {Sie haben noch # Code.} other {Sie haben noch # Codes.}} Bereits erstellte Codes können nicht erneut angezeigt werden, aber Sie können neue erstellen. Die alten sind dann nicht mehr gültig.',
  'portal.codes.submit': 'Neue Codes erstellen',
  'portal.codes.no-device':
    'Wiederherstellungscodes ersetzen im Notfall einen Passkey oder eine Authenticator-App. Richten Sie zuerst eines davon ein, dann erhalten Sie die Codes dazu.',

  'portal.keys.lead':
    'Für Programme, die in Ihrem Namen arbeiten. Wer einen Schlüssel hat, kann alles tun, was Sie dürfen.',
  'portal.keys.none': 'Sie haben keinen Zugriffsschlüssel.',
  'portal.keys.create': 'Zugriffsschlüssel erstellen',
  'portal.keys.active': 'Aktiviert',
  'portal.keys.inactive': 'Deaktiviert',
  'portal.keys.created': 'Erstellt am {date}',
  'portal.keys.expires': 'Läuft ab am {date}',
  'portal.keys.used': 'Zuletzt verwendet am {date}',
  'portal.keys.never-used': 'Nie verwendet',
  'portal.keys.enable': 'Aktivieren',
  'portal.keys.disable': 'Deaktivieren',
  'portal.keys.delete': 'Löschen',
  'portal.keys.delete-sure':
    'Programme, die ihn verwenden, funktionieren sofort nicht mehr. Er kann nicht wiederhergestellt werden.',
  'portal.keys.delete-yes': 'Endgültig löschen',
  'portal.keys.new-title': 'Ihr neuer Zugriffsschlüssel',
  'portal.keys.new-lead':
    'Das Secret wird nur jetzt angezeigt. Kopieren Sie es dorthin, wo das Programm seine Zugangsdaten aufbewahrt.',
  'portal.keys.id': 'ID',
  'portal.keys.secret': 'Secret',
  'portal.keys.copy-id': 'ID kopieren',
  'portal.keys.copy-secret': 'Secret kopieren',

  'portal.sessions.title': 'Wo Sie angemeldet sind',
  'portal.sessions.lead': 'Wenn Sie eine dieser Sitzungen nicht kennen, beenden Sie sie und ändern Sie Ihr Passwort.',
  'portal.sessions.this': 'Dieser Browser',
  'portal.sessions.began': 'Seit {date}',
  'portal.sessions.used': 'Zuletzt verwendet am {date}',
  'portal.sessions.apps': 'Damit geöffnete Apps',
  'portal.sessions.end': 'Dort abmelden',
  'portal.sessions.end-this': 'Hier abmelden',
  'portal.sessions.end-others': 'Überall sonst abmelden',
  'portal.sessions.end-all': 'Überall abmelden, auch hier',
  'portal.sessions.end-all-hint': 'Wenn Sie sich überall abmelden, werden auch Ihre bekannten Geräte entfernt.',
  'portal.sessions.older': 'Ältere anzeigen',
  'portal.devices.title': 'Bekannte Geräte',
  'portal.devices.lead':
    'Browser, mit denen Sie sich schon einmal angemeldet haben. Auch wenn jemand anderswo versucht, Ihr Passwort zu erraten, können Sie sich damit weiterhin anmelden.',
  'portal.devices.none': 'Noch keine.',
  'portal.devices.seen': 'Letzte Anmeldung am {date}',
  'portal.devices.saved': 'Kein zweiter Schritt nötig bis {date}',
  'portal.devices.forget': 'Entfernen',
  'portal.device.both': '{browser} auf {system}',
  'portal.device.one': '{name}',
  'portal.device.unknown': 'Unbekannter Browser',

  'portal.consents.title': 'Apps mit Zugriff',
  'portal.consents.lead': 'Apps, die Sie um Zustimmung gebeten haben, und was diese sehen dürfen.',
  'portal.consents.none':
    'Sie haben noch keiner App Zugriff auf Ihre Daten erlaubt. Apps Ihrer Organisation müssen nicht fragen.',
  'portal.consents.since': 'Seit {date}',
  'portal.consents.offline': 'Auch in Ihrer Abwesenheit',
  'portal.consents.withdraw': 'Zugriff entziehen',
  'portal.consents.withdraw-sure':
    'Die App wird sofort von Ihrem Konto abgemeldet und muss Sie erneut um Zustimmung bitten.',
  'portal.consents.withdraw-yes': 'Entziehen',

  'portal.activity.lead':
    'Was Sie getan haben und was andere an Ihrem Benutzer geändert haben. Wenn etwas nicht von Ihnen stammt, ändern Sie Ihr Passwort und informieren Sie einen Administrator.',
  'portal.activity.none': 'Noch nichts.',
  'portal.activity.from': 'von {address}',
  'portal.activity.by': 'durch {name}',
  'portal.activity.refused': 'Abgelehnt',
  'portal.activity.older': 'Ältere',
  'portal.activity.newest': 'Neueste',

  'portal.done.device-renamed': 'Umbenannt.',
  'portal.done.passkey-added': 'Hinzugefügt. Sie können ihn ab der nächsten Anmeldung verwenden.',
  'portal.done.app-added': 'Hinzugefügt. Ab der nächsten Anmeldung werden Sie nach ihren Codes gefragt.',
  'portal.done.codes-made': 'Die neuen Wiederherstellungscodes sind bereit.',
  'portal.done.key-created': 'Der Zugriffsschlüssel ist bereit.',
  'portal.done.key-disabled':
    'Der Zugriffsschlüssel wurde deaktiviert. Programme, die ihn verwenden, werden abgewiesen.',
  'portal.done.key-enabled': 'Der Zugriffsschlüssel wurde aktiviert.',
  'portal.done.key-deleted': 'Der Zugriffsschlüssel wurde gelöscht.',
  'portal.done.session-ended': 'Sie wurden dort abgemeldet.',
  'portal.done.sessions-ended': 'Sie wurden überall sonst abgemeldet.',
  'portal.done.device-forgotten': 'Das Gerät wurde aus den bekannten Geräten entfernt.',
  'portal.done.consent-withdrawn': 'Die App hat keinen Zugriff mehr.',

  'portal.fault.password': 'Geben Sie Ihr Passwort ein.',
  'portal.fault.name': 'Ein Name muss 1 bis 64 Zeichen lang sein.',
  'portal.fault.code': 'Ein Code besteht aus sechs Ziffern.',
  'portal.fault.passkey': 'Die Einrichtung ist fehlgeschlagen. Versuchen Sie es erneut.',
  'portal.refused.wrong-password': 'Das aktuelle Passwort ist falsch.',
  'portal.refused.wrong-proof':
    'Das war falsch oder wurde bereits verwendet. Versuchen Sie es mit dem nächsten Code erneut.',
  'portal.refused.last-administrator': 'Sie sind der letzte Administrator dieses Kontos. Danach hätte es keinen mehr.',
  'portal.refused.passkey-known': 'Dieser Passkey oder Sicherheitsschlüssel ist bereits eingerichtet.',
  'portal.refused.gone': 'Nicht mehr vorhanden. Vielleicht wurde es in einem anderen Tab entfernt.',
  'portal.refused.too-many-keys':
    'Sie haben bereits die maximale Anzahl an Zugriffsschlüsseln. Löschen Sie zuerst einen davon.',
  'portal.refused.too-many-devices':
    'Sie haben bereits die maximale Anzahl erreicht. Entfernen Sie zuerst einen Eintrag.',
  'portal.refused.changed-meanwhile': 'Inzwischen hat sich etwas geändert. Bitte versuchen Sie es erneut.',
};
