import type { Messages } from '../catalog.ts';
import type { surroundings as english } from '../en/surroundings.ts';

/** What every kind of page can say: layouts, errors, the ways in and out. */
export const surroundings: Messages<typeof english> = {
  'common.continue': 'Continuer',
  'common.error-title': 'Erreur : {title}',
  'common.show': 'Afficher',
  'common.hide': 'Masquer',
  'common.copy': 'Copier',
  'common.copy-all': 'Tout copier',
  'common.copied': 'Copié',
  'common.copying-refused': 'La copie n’est pas autorisée ici. Sélectionnez le texte et copiez-le vous-même.',
  'common.caps-lock': 'Le verrouillage des majuscules est activé',
  'common.language': 'Langue',
  'common.try-again-in': 'Vous pourrez réessayer dans {time}.',
  'common.try-again-now': 'Vous pouvez réessayer maintenant.',
  'common.logging-on-as': 'Connexion en tant que',
  'common.towards': 'pour continuer vers <b>{app}</b>',
  'common.to-logon-page': 'Aller à la page de connexion',
  'common.to-your-logon-page': 'Aller à votre page de connexion',
  'common.reference': 'Référence pour l’assistance : <code>{id}</code>',

  'general.title': 'Connexion',
  'general.name': 'Nom d’utilisateur',
  'general.hint': 'Nom et compte, par exemple <code>alice@acme</code>',
  'general.no-alias':
    'Saisissez votre identifiant de connexion sous la forme utilisateur@alias, par exemple alice@acme.',
  'general.unknown-alias': 'Aucun compte ne porte ce nom ici. Vérifiez ce qui suit le signe @.',

  'stale.title': 'Cette page n’est plus à jour',
  'stale.lead':
    'Cette connexion est déjà terminée, peut-être dans un autre onglet, ou elle a expiré. Rien n’est perdu.',
  'stale.start-again': 'Recommencer',
  'stale.towards': 'Votre destination : <b>{app}</b>',

  'handover.title': 'Un instant',
  'handover.lead': 'Vous allez être redirigé. Si rien ne se passe, cliquez sur le bouton.',

  'sign-out.title': 'Se déconnecter ?',
  'sign-out.lead-app':
    '<b>{app}</b> demande à mettre fin à votre connexion. Les autres applications ouvertes avec cette connexion seront aussi fermées.',
  'sign-out.lead': 'Cela met fin à votre connexion ici et dans les applications ouvertes avec elle.',
  'sign-out.yes': 'Se déconnecter',
  'sign-out.no': 'Rester connecté',
  'signed-out.title': 'Vous êtes déconnecté',
  'signed-out.left': 'Vous avez quitté <b>{app}</b>.',
  'signed-out.shared': 'Sur un ordinateur partagé, fermez aussi le navigateur.',
  'signed-out.log-on-again': 'Se reconnecter',

  'error.did-not-work': 'L’opération a échoué',
  'error.not-found.title': 'Page introuvable',
  'error.not-found': 'L’adresse est peut-être mal saisie, ou la page n’existe plus.',
  'error.suspended.title': 'Ce compte est suspendu',
  'error.suspended': 'Personne ne peut s’y connecter pour le moment. Contactez le responsable de ce service.',
  'error.away.title': 'De retour dans un instant',
  'error.away':
    'Notre espace de stockage est momentanément inaccessible. Rien n’est perdu ; réessayez dans quelques secondes.',
  'error.busy.title': 'Le service est très sollicité',
  'error.busy': 'Rien n’est perdu ; réessayez dans quelques secondes.',
  'error.ours.title': 'Une erreur s’est produite',
  'error.ours': 'Le problème vient de notre côté. S’il persiste, signalez-le au responsable de ce service.',
  'error.ended-meanwhile':
    'Cette connexion a entre-temps été annulée ou terminée. Revenez à l’application et recommencez.',
  'error.logon-over.title': 'Cette connexion n’est plus valable',
  'error.logon-over': 'Cette connexion a expiré ou est déjà terminée. Revenez à l’application et recommencez.',
  'error.answered-already': 'Cette étape a déjà été effectuée, peut-être dans un autre onglet. Actualisez la page.',
  'error.malformed':
    'Les données envoyées sont incompréhensibles. Revenez en arrière, actualisez la page et réessayez.',
  'error.no-permission': 'Vous n’êtes pas autorisé à faire cela. Contactez un administrateur de votre compte.',
  'error.refused':
    'Cette opération est impossible dans l’état actuel. Revenez en arrière, actualisez la page et réessayez.',
  'error.throttled': 'Trop de tentatives. Patientez quelques minutes, puis réessayez.',
  'error.too-large': 'Les données envoyées sont trop volumineuses.',
  'error.form-refused':
    'Ce formulaire ne provient pas de la bonne page, ou la page est trop ancienne. Revenez en arrière, actualisez-la et réessayez.',
  'error.app.invalid_client':
    'Cette application n’est pas connue ici, ou ne l’est plus. Contactez son responsable. ({error})',
  'error.app.invalid_redirect_uri':
    'L’application a demandé un retour vers une adresse qui n’est pas enregistrée pour elle. Contactez son responsable. ({error})',
  'error.app.invalid_request':
    'L’application a envoyé une demande incompréhensible. Revenez à l’application et réessayez. ({error})',
  'error.app.unauthorized_client':
    'Cette application n’est pas autorisée à connecter des utilisateurs ici. Contactez son responsable. ({error})',
  'error.app': 'La demande n’a pas pu être traitée. ({error})',
};
