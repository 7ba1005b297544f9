import type { Messages } from '../catalog.ts';
import type { surroundings as english } from '../en/surroundings.ts';

/** What every kind of page can say: layouts, errors, the ways in and out. */
export const surroundings: Messages<typeof english> = {
  'common.continue': 'Weiter',
  'common.error-title': 'Fehler: {title}',
  'common.show': 'Anzeigen',
  'common.hide': 'Ausblenden',
  'common.copy': 'Kopieren',
  'common.copy-all': 'Alle kopieren',
  'common.copied': 'Kopiert',
  'common.copying-refused': 'Kopieren ist hier nicht erlaubt. Markieren Sie den Text und kopieren Sie ihn selbst.',
  'common.caps-lock': 'Die Feststelltaste ist aktiviert',
  'common.language': 'Sprache',
  'common.try-again-in': 'Sie können es in {time} erneut versuchen.',
  'common.try-again-now': 'Sie können es jetzt erneut versuchen.',
  'common.logging-on-as': 'Anmeldung als',
  'common.towards': 'Weiter zu <b>{app}</b>',
  'common.to-logon-page': 'Zur Anmeldeseite',
  'common.to-your-logon-page': 'Zu Ihrer Anmeldeseite',
  'common.reference': 'Referenz für den Support: <code>{id}</code>',

  'general.title': 'Anmelden',
  'general.name': 'Benutzername',
  'general.hint': 'Name und Konto, zum Beispiel <code>alice@acme</code>',
  'general.no-alias': 'Geben Sie Ihren Anmeldenamen in der Form Benutzer@Alias ein, zum Beispiel alice@acme.',
  'general.unknown-alias': 'Hier gibt es kein Konto mit diesem Namen. Prüfen Sie, was hinter dem @ steht.',

  'stale.title': 'Diese Seite ist nicht mehr aktuell',
  'stale.lead':
    'Diese Anmeldung wurde bereits abgeschlossen, vielleicht in einem anderen Tab, oder ist abgelaufen. Es ist nichts verloren gegangen.',
  'stale.start-again': 'Neu beginnen',
  'stale.towards': 'Ihr Ziel war <b>{app}</b>',

  'handover.title': 'Einen Moment',
  'handover.lead': 'Sie werden weitergeleitet. Falls nichts passiert, klicken Sie auf die Schaltfläche.',

  'sign-out.title': 'Abmelden?',
  'sign-out.lead-app':
    '<b>{app}</b> möchte Ihre Anmeldung beenden. Das gilt auch für die anderen Apps, die Sie damit geöffnet haben.',
  'sign-out.lead': 'Damit beenden Sie Ihre Anmeldung hier und in den Apps, die Sie damit geöffnet haben.',
  'sign-out.yes': 'Abmelden',
  'sign-out.no': 'Angemeldet bleiben',
  'signed-out.title': 'Sie sind abgemeldet',
  'signed-out.left': 'Sie haben <b>{app}</b> verlassen.',
  'signed-out.shared': 'Schließen Sie auf einem gemeinsam genutzten Computer auch den Browser.',
  'signed-out.log-on-again': 'Erneut anmelden',

  'error.did-not-work': 'Das hat nicht funktioniert',
  'error.not-found.title': 'Hier ist nichts',
  'error.not-found': 'Die Adresse enthält vielleicht einen Tippfehler, oder das Ziel gibt es nicht mehr.',
  'error.suspended.title': 'Dieses Konto ist gesperrt',
  'error.suspended':
    'Derzeit kann sich niemand bei diesem Konto anmelden. Wenden Sie sich an den Betreiber dieses Dienstes.',
  'error.away.title': 'Gleich wieder da',
  'error.away':
    'Unser Datenspeicher ist gerade nicht erreichbar. Es ist nichts verloren gegangen. Bitte versuchen Sie es in einigen Sekunden erneut.',
  'error.busy.title': 'Gerade sehr ausgelastet',
  'error.busy': 'Es ist nichts verloren gegangen. Bitte versuchen Sie es in einigen Sekunden erneut.',
  'error.ours.title': 'Ein Fehler ist aufgetreten',
  'error.ours':
    'Der Fehler liegt bei uns. Falls er bestehen bleibt, informieren Sie bitte den Betreiber dieses Dienstes.',
  'error.ended-meanwhile':
    'Diese Anmeldung wurde inzwischen beendet oder abgeschlossen. Kehren Sie zur App zurück und beginnen Sie neu.',
  'error.logon-over.title': 'Diese Anmeldung ist beendet',
  'error.logon-over':
    'Diese Anmeldung ist abgelaufen oder wurde bereits abgeschlossen. Kehren Sie zur App zurück und beginnen Sie neu.',
  'error.answered-already':
    'Dieser Schritt wurde bereits erledigt, vielleicht in einem anderen Tab. Bitte laden Sie die Seite neu.',
  'error.malformed':
    'Die gesendeten Daten sind unverständlich. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es erneut.',
  'error.no-permission': 'Dazu sind Sie nicht berechtigt. Wenden Sie sich an einen Administrator Ihres Kontos.',
  'error.refused':
    'Das ist im Moment nicht möglich. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es erneut.',
  'error.throttled': 'Zu viele Versuche. Warten Sie einige Minuten und versuchen Sie es dann erneut.',
  'error.too-large': 'Die gesendeten Daten sind zu groß.',
  'error.form-refused':
    'Dieses Formular stammt nicht von der zugehörigen Seite, oder die Seite ist veraltet. Gehen Sie zurück, laden Sie sie neu und versuchen Sie es erneut.',
  'error.app.invalid_client':
    'Diese App ist hier nicht oder nicht mehr bekannt. Wenden Sie sich an ihren Betreiber. ({error})',
  'error.app.invalid_redirect_uri':
    'Die App hat eine Rücksprungadresse angegeben, die nicht für sie registriert ist. Wenden Sie sich an den Betreiber der App. ({error})',
  'error.app.invalid_request':
    'Die App hat eine unverständliche Anfrage gesendet. Kehren Sie zur App zurück und versuchen Sie es erneut. ({error})',
  'error.app.unauthorized_client':
    'Diese App darf hier niemanden anmelden. Wenden Sie sich an ihren Betreiber. ({error})',
  'error.app': 'Die Anfrage konnte nicht beantwortet werden. ({error})',
};
