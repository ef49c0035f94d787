// SPDX-License-Identifier: EUPL-1.2
// Everything the console says, French and English side by side. Each text is its own constant, so that a page carries only
// what it says; a text that lacks a language does not compile.
import type { Text } from "./language";

type Words = Record<string, Text>;

// ---- everywhere
export const skip: Text = { fr: "Aller au contenu", en: "Go to the content" };
export const menu: Text = { fr: "Menu", en: "Menu" };
export const loading: Text = { fr: "Chargement…", en: "Loading…" };
export const sending: Text = { fr: "Envoi…", en: "Sending…" };
export const save: Text = { fr: "Enregistrer", en: "Save" };
export const saved: Text = { fr: "Enregistré.", en: "Saved." };
export const cancel: Text = { fr: "Annuler", en: "Cancel" };
export const close: Text = { fr: "Fermer", en: "Close" };
export const back: Text = { fr: "Retour", en: "Back" };
export const done: Text = { fr: "C’est fait.", en: "Done." };
export const more: Text = { fr: "Afficher la suite", en: "Show more" };
export const tryAgain: Text = { fr: "Réessayer", en: "Try again" };
export const change: Text = { fr: "Modifier", en: "Change" };
export const remove: Text = { fr: "Retirer", en: "Remove" };
export const moveUp: Text = { fr: "Monter", en: "Move up" };
export const moveDown: Text = { fr: "Descendre", en: "Move down" };
export const print: Text = { fr: "Imprimer", en: "Print" };
export const goOn: Text = { fr: "Continuer", en: "Continue" };
export const yes: Text = { fr: "Oui", en: "Yes" };
export const no: Text = { fr: "Non", en: "No" };
export const dontKnow: Text = { fr: "Je ne sais pas", en: "I don’t know" };
export const optional: Text = { fr: "(facultatif)", en: "(optional)" };
export const reason: Text = { fr: "Motif", en: "Reason" };
export const reasonHint: Text = { fr: "Il est inscrit au registre avec votre nom et l’heure.", en: "It is written into the register with your name and the time." };
export const note: Text = { fr: "Note", en: "Note" };
export const name: Text = { fr: "Nom", en: "Name" };
export const state: Text = { fr: "État", en: "State" };
export const kind: Text = { fr: "Genre", en: "Kind" };
export const type: Text = { fr: "Type", en: "Type" };
export const time: Text = { fr: "Heure", en: "Time" };
export const who: Text = { fr: "Qui", en: "Who" };
export const why: Text = { fr: "Pourquoi", en: "Why" };
export const about: Text = { fr: "Au sujet de", en: "About" };
export const action: Text = { fr: "Action", en: "Action" };
export const value: Text = { fr: "Valeur", en: "Value" };
export const service: Text = { fr: "Service", en: "Service" };
export const until: Text = { fr: "Jusqu’au", en: "Until" };
export const since: Text = { fr: "Depuis", en: "Since" };
export const by: Text = { fr: "par {name}", en: "by {name}" };
export const typedOn: Text = { fr: "saisi le", en: "typed on" };
export const nowButton: Text = { fr: "Maintenant", en: "Now" };
export const justNow: Text = { fr: "à l’instant", en: "just now" };
export const ago: Text = { fr: "il y a {length}", en: "{length} ago" };
export const within: Text = { fr: "dans {length}", en: "in {length}" };
export const dueWithin: Text = { fr: "Reste {length}", en: "{length} left" };
export const lateBy: Text = { fr: "En retard de {length}", en: "Late by {length}" };
export const earlier: Text = { fr: "Cela s’est passé plus tôt", en: "It happened earlier" };
export const earlierWhen: Text = { fr: "Heure de l’événement", en: "Time of the event" };
export const earlierHint: Text = { fr: "Pour ce qui a d’abord été noté sur papier. L’heure de saisie est gardée à part.", en: "For what was first noted on paper. The time of typing is kept apart." };
export const waitsForSecond: Text = { fr: "En attente d’une seconde personne", en: "Waiting for a second person" };
export const waitsForSecondWhy: Text = { fr: "Cet acte est large ou difficile à défaire. Il a lieu dès qu’une autre personne l’a approuvé, à la page « Approbations ».", en: "This act is wide or hard to undo. It takes place as soon as another person agrees, on the page “Approvals”." };
export const notFound: Text = { fr: "Page introuvable", en: "Page not found" };
export const notFoundWhy: Text = { fr: "Il n’y a rien à cette adresse.", en: "There is nothing at this address." };
export const backHome: Text = { fr: "Retour à l’accueil", en: "Back to the start" };
export const notYourRole: Text = { fr: "Votre rôle permet de lire ceci, pas de le faire.", en: "Your role lets you read this, not do it." };

// ---- connection
export const live: Text = { fr: "En direct", en: "Live" };
export const polling: Text = { fr: "Relevé périodique", en: "Polling" };
export const lost: Text = { fr: "Connexion perdue.", en: "Connection lost." };
export const lostWhy: Text = { fr: "Les saisies sont gardées sur ce poste ; ce qui est affiché peut avoir vieilli. Garde réessaie toute seule.", en: "What you type is kept on this computer; what is shown may be old. Garde tries again by itself." };
export const foundAgain: Text = { fr: "La connexion est revenue.", en: "The connection is back." };

// ---- frame
export const navMain: Text = { fr: "Navigation principale", en: "Main navigation" };
export const navHome: Text = { fr: "Situation", en: "Situation" };
export const navIncidents: Text = { fr: "Incidents", en: "Incidents" };
export const navApprovals: Text = { fr: "Approbations", en: "Approvals" };
export const navRegister: Text = { fr: "Registre des violations", en: "Register of breaches" };
export const navPlaybooks: Text = { fr: "Fiches réflexes", en: "Playbooks" };
export const navContacts: Text = { fr: "Contacts", en: "Contacts" };
export const navJournal: Text = { fr: "Journal", en: "Journal" };
export const navAccounts: Text = { fr: "Comptes", en: "Accounts" };
export const navSettings: Text = { fr: "Réglages", en: "Settings" };
export const theme: Text = { fr: "Apparence", en: "Appearance" };
export const themeSystem: Text = { fr: "Comme le système", en: "As the system" };
export const themeLight: Text = { fr: "Clair", en: "Light" };
export const themeDark: Text = { fr: "Sombre", en: "Dark" };
export const logout: Text = { fr: "Se déconnecter", en: "Log out" };
export const helpPage: Text = { fr: "Page d’aide", en: "Help page" };
export const statusPage: Text = { fr: "État public", en: "Public status" };

// ---- the way in
export const loginTitle: Text = { fr: "Se connecter", en: "Log in" };
export const loginWhy: Text = { fr: "Avec votre compte local de Garde. Il fonctionne même quand l’annuaire et la messagerie sont en panne.", en: "With your local Garde account. It works even when the directory and mail are down." };
export const loginButton: Text = { fr: "Se connecter", en: "Log in" };
export const loginDone: Text = { fr: "Vous êtes connecté.", en: "You are logged in." };
export const loginHelp: Text = { fr: "Pas de compte et quelque chose d’anormal ?", en: "No account, and something is wrong?" };
export const accountName: Text = { fr: "Nom du compte", en: "Account name" };
export const accountNameHint: Text = { fr: "Votre nom tel qu’il doit figurer au registre.", en: "Your name as it is to stand in the register." };
export const password: Text = { fr: "Mot de passe", en: "Password" };
export const currentPassword: Text = { fr: "Mot de passe actuel", en: "Current password" };
export const newPassword: Text = { fr: "Nouveau mot de passe", en: "New password" };
export const passwordHint: Text = { fr: "Au moins 12 caractères ; quelques mots sans rapport conviennent.", en: "At least 12 characters; a few unrelated words will do." };
export const passwordAgain: Text = { fr: "Encore une fois", en: "Once more" };
export const passwordsDiffer: Text = { fr: "Les deux mots de passe ne sont pas les mêmes.", en: "The two passwords are not the same." };
export const changePassword: Text = { fr: "Changer de mot de passe", en: "Change the password" };
export const code: Text = { fr: "Code", en: "Code" };
export const codeHint: Text = { fr: "Les six chiffres de votre téléphone, ou un code de votre fiche de secours.", en: "The six digits of your telephone, or a code of your recovery sheet." };
export const haveCode: Text = { fr: "J’ai un code de second facteur ou de secours", en: "I have a second-factor or recovery code" };
export const codeWanted: Text = { fr: "Le mot de passe est bon. Il faut aussi le code de votre second facteur.", en: "The password is right. The code of your second factor is needed too." };
export const setupWaits: Text = { fr: "Garde n’a encore aucun compte. Ouvrez le lien que « garde run » a affiché à son premier démarrage.", en: "Garde has no account yet. Open the link that “garde run” printed at its first start." };
export const setupTitle: Text = { fr: "Premier compte", en: "First account" };
export const setupWhy: Text = { fr: "Ce lien ne sert qu’une fois. Il crée le compte qui crée les autres.", en: "This link works once. It makes the account that makes the others." };
export const setupButton: Text = { fr: "Créer le compte", en: "Make the account" };
export const setupToken: Text = { fr: "Clé du premier démarrage", en: "Key of the first start" };
export const setupTokenHint: Text = { fr: "Elle est écrite à la fin du lien que Garde a affiché.", en: "It stands at the end of the link that Garde printed." };
export const mustTitle: Text = { fr: "Avant de continuer", en: "Before you go on" };
export const mustWhy: Text = { fr: "Votre compte demande encore ceci.", en: "Your account still needs this." };

// ---- one's own account
export const mineTitle: Text = { fr: "Mon compte", en: "My account" };
export const roles: Text = { fr: "Rôles", en: "Roles" };
export const secondFactor: Text = { fr: "Second facteur", en: "Second factor" };
export const totpWhy: Text = { fr: "Un code à six chiffres, fait par une application de votre téléphone, sera demandé en plus du mot de passe.", en: "A code of six digits, made by an application on your telephone, will be asked for beside the password." };
export const totpBegin: Text = { fr: "Mettre en place", en: "Set it up" };
export const totpType: Text = { fr: "Tapez cette clé dans l’application de codes, puis le code qu’elle affiche :", en: "Type this key into the code application, then the code it shows:" };
export const totpQr: Text = { fr: "Code QR à lire avec l’application de codes", en: "QR code to be read by the code application" };
export const totpHas: Text = { fr: "Un second facteur est en place. Pour le remplacer, montrez qu’il est à vous.", en: "A second factor is set up. To replace it, show that it is yours." };
export const totpAgain: Text = { fr: "Remplacer le second facteur", en: "Replace the second factor" };
export const totpRemove: Text = { fr: "Retirer le second facteur", en: "Remove the second factor" };
export const recoveryLeft: Text = { fr: "Codes encore bons : {n}.", en: "Codes still good: {n}." };
export const recoveryNeedsTotp: Text = { fr: "Mettez d’abord un second facteur en place : la fiche le remplace quand le téléphone est perdu.", en: "Set up a second factor first: the sheet stands in for it when the telephone is lost." };
export const sessions: Text = { fr: "Sessions ouvertes", en: "Open sessions" };
export const sessionOwn: Text = { fr: "celle-ci", en: "this one" };
export const sessionOpened: Text = { fr: "Ouverte le", en: "Opened on" };
export const sessionEnd: Text = { fr: "Fermer la session", en: "End the session" };
export const totpOpen: Text = { fr: "Ouvrir dans l’application de ce téléphone", en: "Open in this telephone’s application" };
export const totpCode: Text = { fr: "Code affiché", en: "Code shown" };
export const totpProve: Text = { fr: "Vérifier", en: "Check" };
export const totpOn: Text = { fr: "Le second facteur est en place.", en: "The second factor is set up." };
export const recoverySheet: Text = { fr: "Fiche de secours", en: "Recovery sheet" };
export const recoveryWhy: Text = { fr: "Si le téléphone est perdu, chacun de ces codes remplace une fois le second facteur. Imprimez-les, gardez-les hors de l’ordinateur ; ils ne seront plus montrés.", en: "If the telephone is lost, each of these codes replaces the second factor once. Print them and keep them away from the computer; they will not be shown again." };
export const recoveryMakeWhy: Text = { fr: "Une nouvelle fiche annule l’ancienne.", en: "A new sheet makes the old one void." };
export const recoveryMake: Text = { fr: "Faire une fiche de secours", en: "Make a recovery sheet" };
export const tokens: Text = { fr: "Jetons pour programmes", en: "Tokens for programs" };
export const tokensWhy: Text = { fr: "Un jeton permet à un programme d’agir en votre nom.", en: "A token lets a program act in your name." };
export const tokensNotForYou: Text = { fr: "Votre rôle ne permet pas de faire des jetons.", en: "Your role does not allow tokens." };
export const tokenOnce: Text = { fr: "Notez ce jeton maintenant : il ne sera plus montré.", en: "Note this token now: it will not be shown again." };
export const tokenName: Text = { fr: "Nom du jeton", en: "Name of the token" };
export const tokenNameHint: Text = { fr: "Le programme qui s’en servira.", en: "The program that will use it." };
export const tokenMake: Text = { fr: "Faire un jeton", en: "Make a token" };
export const tokenDrop: Text = { fr: "Révoquer", en: "Revoke" };
export const madeOn: Text = { fr: "Fait le", en: "Made on" };

// ---- home
export const happening: Text = { fr: "Ce qui se passe", en: "What is happening" };
export const allCalm: Text = { fr: "Aucun incident en cours", en: "No incident is open" };
export const allCalmWhy: Text = { fr: "Rien n’est à faire pour l’instant.", en: "There is nothing to do for the moment." };
export const owedNext: Text = { fr: "Ce qui est dû, le plus pressant d’abord", en: "What is owed, the most pressing first" };
export const nothingOwed: Text = { fr: "Aucune déclaration n’est due.", en: "No declaration is owed." };
export const standing: Text = { fr: "Mesures en place", en: "Measures that stand" };
export const noMeasures: Text = { fr: "Aucune mesure n’est en place.", en: "No measure stands." };
export const health: Text = { fr: "Santé de Garde", en: "Garde’s own health" };
export const edge: Text = { fr: "Garde des paquets", en: "Packet guard" };
export const edgeConnected: Text = { fr: "Reliée", en: "Connected" };
export const edgeAway: Text = { fr: "Non reliée", en: "Not connected" };
export const spooled: Text = { fr: "Messages en attente", en: "Messages waiting" };
export const journalRecords: Text = { fr: "Lignes du journal", en: "Lines of the journal" };
export const journalHead: Text = { fr: "Tête signée du journal", en: "Signed head of the journal" };
export const headOld: Text = { fr: "Plus d’un jour", en: "Over a day old" };
export const headNone: Text = { fr: "Pas encore signée", en: "Not signed yet" };
export const openedSince: Text = { fr: "Ouvert", en: "Opened" };
export const withoutDelay: Text = { fr: "Sans délai", en: "Without delay" };
export const approvalsWait: Text = { fr: "Approbations en attente : {n}", en: "Approvals waiting: {n}" };
export const approvalsSee: Text = { fr: "Les voir", en: "See them" };

// ---- traffic
export const trafficLive: Text = { fr: "Trafic en direct", en: "Live traffic" };
export const trafficNow: Text = { fr: "En ce moment, {passed} paquets par seconde passent et {dropped} sont écartés.", en: "At this moment {passed} packets a second pass and {dropped} are dropped." };
export const trafficWaits: Text = { fr: "En attente de deux relevés…", en: "Waiting for two readings…" };
export const trafficNone: Text = { fr: "Aucun relevé encore.", en: "No reading yet." };
export const trafficNoEdge: Text = { fr: "La garde des paquets n’a rien rapporté.", en: "The packet guard has reported nothing." };
export const trafficTable: Text = { fr: "Paquets par seconde, relevé le plus récent d’abord", en: "Packets a second, newest reading first" };
export const asTable: Text = { fr: "Voir en tableau", en: "See as a table" };
export const passed: Text = { fr: "Passés", en: "Passed" };
export const attackPassed: Text = { fr: "Attaque laissée passer (à l’essai)", en: "Attack let through (on probation)" };
export const dropped: Text = { fr: "Écartés", en: "Dropped" };
export const measureBand: Text = { fr: "Mesure en place", en: "Measure in place" };
export const allServices: Text = { fr: "Tous les services", en: "All services" };
export const chartAway: Text = { fr: "La courbe n’a pas pu être chargée ; le tableau reste à jour.", en: "The curve could not be loaded; the table is kept up to date." };
export const trafficStateWords: Words = { calm: { fr: "calme", en: "calm" }, attack: { fr: "attaqué", en: "under attack" } };

// ---- incidents
export const incident: Text = { fr: "Incident", en: "Incident" };
export const incidentOpen: Text = { fr: "Ouvrir un incident", en: "Open an incident" };
export const incidentReopen: Text = { fr: "Rouvrir l’incident", en: "Open the incident again" };
export const incidentReopenWhy: Text = { fr: "Il reprend sa place parmi les incidents ouverts, avec ses tâches et ce qu’il doit.", en: "It takes its place among the open incidents again, with its tasks and what it owes." };
export const stateOwing: Text = { fr: "fermé, doit encore", en: "closed, still owes" };
export const incidentClose: Text = { fr: "Fermer l’incident", en: "Close the incident" };
export const incidentTitle: Text = { fr: "Intitulé", en: "Title" };
export const incidentTitleHint: Text = { fr: "En quelques mots, sans nom de patient.", en: "In a few words, without a patient’s name." };
export const incidentSubject: Text = { fr: "Ce qui est touché", en: "What is hit" };
export const incidentSubjectHint: Text = { fr: "Un service, un poste, une boîte de courrier.", en: "A service, a computer, a mailbox." };
export const subjectUnknown: Text = { fr: "non précisé", en: "not said" };
export const showClosed: Text = { fr: "Montrer aussi les incidents fermés", en: "Show closed incidents too" };
export const noIncidents: Text = { fr: "Aucun incident.", en: "No incident." };
export const openedOn: Text = { fr: "Ouvert le", en: "Opened on" };
export const closedOn: Text = { fr: "Fermé le", en: "Closed on" };
export const stateOpen: Text = { fr: "En cours", en: "Open" };
export const stateClosed: Text = { fr: "Fermé", en: "Closed" };
export const gravity: Text = { fr: "Gravité", en: "Gravity" };
export const gravityDecide: Text = { fr: "Décider de la gravité", en: "Decide the gravity" };
export const gravityProposed: Text = { fr: "Proposé d’après les faits : {gravity}", en: "Proposed from the facts: {gravity}" };
export const gravityByRule: Text = { fr: "proposée d’après les faits", en: "proposed from the facts" };
export const gravityHint: Text = { fr: "Grave : la sécurité des soins, les données de santé ou le fonctionnement sont touchés ou menacés. Significatif : cela dépasse aussi la structure.", en: "Grave: the safety of care, health data or normal working are hit or threatened. Significant: it also reaches beyond the structure." };
export const gravityWords: Words = {
    "not-qualified": { fr: "Gravité à décider", en: "Gravity to be decided" }, mineur: { fr: "Mineur", en: "Minor" },
    significatif: { fr: "Significatif", en: "Significant" }, grave: { fr: "Grave", en: "Grave" },
};
export const kindWords: Words = {
    flood: { fr: "Déni de service", en: "Denial of service" }, "flash-crowd": { fr: "Affluence", en: "Flash crowd" },
    "mail-suspect": { fr: "Mail suspect", en: "Suspicious mail" }, clic: { fr: "Lien ou pièce jointe ouverts", en: "Link or attachment opened" },
    "compte-usurpe": { fr: "Mails envoyés en notre nom", en: "Mail sent in our name" },
    "poste-bizarre": { fr: "Poste au comportement étrange", en: "Computer behaving oddly" }, panne: { fr: "Panne", en: "Outage" },
    fuite: { fr: "Données fuitées ou disparues", en: "Data leaked or gone" },
    "fuite-de-donnees": { fr: "Fuite de données", en: "Data leak" }, rancongiciel: { fr: "Rançongiciel", en: "Ransomware" },
    "appareil-perdu": { fr: "Appareil perdu ou volé", en: "Lost or stolen device" }, autre: { fr: "Autre", en: "Other" },
};
/* Other names for the same, which programs use. */
export const kindsSaid: Record<string, string> = {
    ddos: "flood", "lost-device": "appareil-perdu", breach: "fuite-de-donnees", leak: "fuite-de-donnees", phishing: "mail-suspect",
    outage: "panne", ransomware: "rancongiciel",
};
export const kindsToOpen: string[] = ["panne", "rancongiciel", "fuite-de-donnees", "poste-bizarre", "clic", "mail-suspect", "compte-usurpe",
    "appareil-perdu", "flood", "autre"];
export const viewsOf: Text = { fr: "Parties de l’incident", en: "Parts of the incident" };
export const viewOverview: Text = { fr: "Vue d’ensemble", en: "Overview" };
export const viewTasks: Text = { fr: "Tâches", en: "Tasks" };
export const viewFacts: Text = { fr: "Faits", en: "Facts" };
export const viewMeasures: Text = { fr: "Mesures", en: "Measures" };
export const viewObligations: Text = { fr: "Obligations", en: "Obligations" };
export const viewCell: Text = { fr: "Cellule de crise", en: "Crisis cell" };
export const viewPapers: Text = { fr: "Pièces", en: "Evidence and papers" };
export const viewLetters: Text = { fr: "Courriers", en: "Letters" };
export const viewClosing: Text = { fr: "Bilan", en: "Closing report" };
export const summary: Text = { fr: "En bref", en: "In brief" };
export const nextThings: Text = { fr: "À faire maintenant", en: "To do now" };
export const nothingNext: Text = { fr: "Rien n’est en attente.", en: "Nothing is waiting." };
export const closeOwes: Text = { fr: "Cet incident doit encore ceci :", en: "This incident still owes:" };
export const closeUndecided: Text = { fr: "Personne n’a décidé de la gravité.", en: "Nobody has decided the gravity." };
export const closePossible: Text = { fr: "Obligations qui peuvent encore devenir dues, faute de réponses : {n}.", en: "Duties that may still fall due, as answers are missing: {n}." };
export const closeReasonHint: Text = { fr: "Pourquoi le fermer malgré tout ; c’est inscrit au registre.", en: "Why close it all the same; it is written into the register." };

// ---- timeline
export const timeline: Text = { fr: "Chronologie", en: "Timeline" };
export const timelineShow: Text = { fr: "Montrer", en: "Show" };
export const timelineAll: Text = { fr: "Tout", en: "All" };
export const timelinePeople: Text = { fr: "Les personnes", en: "People" };
export const timelineGarde: Text = { fr: "Garde", en: "Garde" };
export const timelineRun: Text = { fr: "{n} lignes que Garde a déduites des faits", en: "{n} lines that Garde worked out from the facts" };
export const timelineNone: Text = { fr: "Rien encore.", en: "Nothing yet." };
export const authorWords: Words = {
    edge: { fr: "Garde (paquets)", en: "Garde (packets)" }, rule: { fr: "Garde (règles)", en: "Garde (rules)" },
    playbook: { fr: "Garde (fiches réflexes)", en: "Garde (playbooks)" }, hub: { fr: "Garde", en: "Garde" }, journal: { fr: "Garde (journal)", en: "Garde (journal)" },
    config: { fr: "Garde (réglages)", en: "Garde (settings)" }, respond: { fr: "Garde (envois)", en: "Garde (sending)" }, person: { fr: "Signalement", en: "Report" },
};
export const erased: Text = { fr: "(texte effacé)", en: "(text erased)" };

// ---- facts
export const factsWhy: Text = { fr: "Répondez à ce que vous savez. « Je ne sais pas » est une réponse ; elle pourra être complétée.", en: "Answer what you know. “I don’t know” is an answer; it can be completed later." };
export const factsAll: Text = { fr: "Toutes", en: "All" };
export const factsOpen: Text = { fr: "À compléter", en: "To complete" };
export const factsKnown: Text = { fr: "Connues", en: "Known" };
export const factsNone: Text = { fr: "Aucune question de ce genre.", en: "No question of this sort." };
export const factNotAsked: Text = { fr: "Pas encore répondu", en: "Not answered yet" };
export const questions: Text = { fr: "Questions", en: "Questions" };
export const answer: Text = { fr: "Réponse", en: "Answer" };
export const answerButton: Text = { fr: "Répondre", en: "Answer" };
export const correct: Text = { fr: "Corriger", en: "Correct" };
export const whoKnows: Text = { fr: "Qui le saurait :", en: "Who would know:" };
export const themeWords: Words = {
    course: { fr: "Déroulement", en: "Course" }, attack: { fr: "L’attaque", en: "The attack" }, services: { fr: "Services touchés", en: "Services touched" },
    availability: { fr: "Disponibilité", en: "Availability" }, care: { fr: "Sécurité des soins", en: "Safety of care" },
    health_data: { fr: "Données de santé", en: "Health data" }, functioning: { fr: "Fonctionnement de la structure", en: "Working of the structure" },
    reach: { fr: "Portée", en: "Reach" }, severity: { fr: "Ampleur", en: "Severity" }, personal_data: { fr: "Données personnelles", en: "Personal data" },
    structure: { fr: "La structure", en: "The structure" }, insurance: { fr: "Assurance", en: "Insurance" }, gravity: { fr: "Gravité", en: "Gravity" },
    report: { fr: "Ce que la personne a signalé", en: "What the person reported" }, account: { fr: "Compte concerné", en: "Account concerned" },
    comms: { fr: "Moyens de communication", en: "Means of communication" }, backups: { fr: "Sauvegardes", en: "Backups" },
    declarant: { fr: "Déclarant", en: "Declarant" }, dpo: { fr: "Délégué à la protection des données", en: "Data protection officer" },
};

// ---- tasks
export const task: Text = { fr: "Tâche", en: "Task" };
export const tasksDone: Text = { fr: "{done} tâches faites sur {all}", en: "{done} of {all} tasks done" };
export const tasksNone: Text = { fr: "Aucune tâche.", en: "No task." };
export const tasksOnlyOpen: Text = { fr: "Seulement ce qui reste à faire", en: "Only what is still to do" };
export const groupBy: Text = { fr: "Grouper", en: "Group" };
export const byRole: Text = { fr: "Par rôle", en: "By role" };
export const byPhase: Text = { fr: "Par phase", en: "By phase" };
export const byPlaybook: Text = { fr: "Par fiche", en: "By playbook" };
export const taskMeasure: Text = { fr: "Garde peut le faire", en: "Garde can do it" };
export const taskMeasureDone: Text = { fr: "Fait par une mesure", en: "Done by a measure" };
export const toKeep: Text = { fr: "À conserver :", en: "To be kept:" };
export const stepCount: Text = { fr: "{n} étapes", en: "{n} steps" };
export const stepConditional: Text = { fr: "selon les faits", en: "depending on the facts" };
export const noteAdd: Text = { fr: "Détailler", en: "Details" };
export const playbook: Text = { fr: "Fiche réflexe", en: "Playbook" };
export const playbookAdd: Text = { fr: "Ajouter une fiche", en: "Add a playbook" };
export const taskStateWords: Words = {
    open: { fr: "À faire", en: "To do" }, done: { fr: "Fait", en: "Done" }, skipped: { fr: "Passé outre", en: "Skipped" },
    "not-needed": { fr: "Sans objet", en: "Not needed" },
};
export const phaseWords: Words = {
    "tout-de-suite": { fr: "Tout de suite", en: "At once" }, contenir: { fr: "Contenir", en: "Contain" },
    declarer: { fr: "Déclarer et prévenir", en: "Declare and tell" }, retablir: { fr: "Rétablir", en: "Restore" },
    apprendre: { fr: "Apprendre", en: "Learn" }, initial: { fr: "Première déclaration", en: "First declaration" },
    complement: { fr: "Complément", en: "Complement" }, closing: { fr: "Clôture : l’incident est résolu", en: "Closing: the incident is resolved" },
};
export const roleWords: Words = {
    declarant: { fr: "Déclarant", en: "Declarant" }, responder: { fr: "Intervenant", en: "Responder" }, dpo: { fr: "DPO", en: "DPO" },
    director: { fr: "Direction", en: "Director" }, auditor: { fr: "Auditeur", en: "Auditor" },
    praticien: { fr: "Praticien", en: "Practitioner" }, secretaire: { fr: "Secrétaire", en: "Secretary" }, dsi: { fr: "DSI (informatique)", en: "Head of IT" },
    rssi: { fr: "RSSI (sécurité)", en: "Security officer" }, direction: { fr: "Direction", en: "Management" },
    prestataire: { fr: "Prestataire informatique", en: "IT contractor" }, tous: { fr: "Tout le monde", en: "Everybody" },
};
export const roleMeaning: Words = {
    declarant: { fr: "ouvre des incidents, répond aux questions, coche des tâches, note les envois", en: "opens incidents, answers questions, ticks tasks, notes what was sent" },
    responder: { fr: "prend, prolonge et lève des mesures, décide de la gravité, ferme des incidents", en: "takes, prolongs and lifts measures, decides the gravity, closes incidents" },
    dpo: { fr: "qualifie les violations, écarte une obligation, fait partir les courriers aux patients", en: "qualifies breaches, waives a duty, has letters to patients made" },
    director: { fr: "tout ce qui précède, et les comptes", en: "all of the above, and the accounts" },
    auditor: { fr: "lit tout, ne change rien", en: "reads everything, changes nothing" },
};

// ---- measures
export const ended: Text = { fr: "Terminées", en: "Ended" };
export const endedOn: Text = { fr: "Terminée le", en: "Ended on" };
export const selector: Text = { fr: "Ce qu’elle touche", en: "What it meets" };
export const owner: Text = { fr: "Prise par", en: "Taken by" };
export const ownerEdge: Text = { fr: "Garde, d’elle-même", en: "Garde, on its own" };
export const probation: Text = { fr: "À l’essai", en: "Probation" };
export const probationPart: Text = { fr: "{part} de ce qu’elle écarte passe, pour voir si elle sert encore", en: "{part} of what it drops is let through, to see whether it is still needed" };
export const costPredicted: Text = { fr: "Coût prévu pour l’usage normal", en: "Predicted cost to normal use" };
export const costActual: Text = { fr: "Coût mesuré", en: "Measured cost" };
export const notKnown: Text = { fr: "inconnu", en: "not known" };
export const notMeasured: Text = { fr: "pas encore mesuré", en: "not measured yet" };
export const packetsDropped: Text = { fr: "Paquets écartés", en: "Packets dropped" };
export const packetsWould: Text = { fr: "Paquets laissés passer à l’essai", en: "Packets let through on probation" };
export const packetsSpared: Text = { fr: "Paquets épargnés (sources connues)", en: "Packets spared (known sources)" };
export const lift: Text = { fr: "Lever", en: "Lift" };
export const liftTitle: Text = { fr: "Lever cette mesure ?", en: "Lift this measure?" };
export const liftWhy: Text = { fr: "Ce qu’elle écarte passera de nouveau. Une mesure prise par Garde ne revient pas pendant cette attaque.", en: "What it drops will pass again. A measure of Garde’s own does not come back in this attack." };
export const prolong: Text = { fr: "Prolonger", en: "Prolong" };
export const prolongTitle: Text = { fr: "Prolonger cette mesure", en: "Prolong this measure" };
export const forbidWhy: Text = { fr: "Elle est levée, et Garde ne la reprendra pas d’elle-même.", en: "It is lifted, and Garde will not take it again on its own." };
export const measureAsk: Text = { fr: "Demander une mesure", en: "Ask for a measure" };
export const measureAskWhy: Text = { fr: "Une mesure demandée par une personne attend l’accord d’une seconde, puis vaut jusqu’à sa fin.", en: "A measure asked for by a person waits for a second one to agree, then holds until its end." };
export const countries: Text = { fr: "Pays écartés", en: "Countries shut out" };
export const countriesHint: Text = { fr: "Codes de deux lettres, séparés par des espaces. Les sources connues passent toujours.", en: "Two-letter codes with spaces between. Known sources always pass." };
export const rate: Text = { fr: "Paquets par seconde au plus", en: "Packets a second at most" };
export const selectorAll: Text = { fr: "tout ce qui va à ce service", en: "all that goes to this service" };
export const selectorWords: Words = {
    countries: { fr: "pays", en: "countries" }, rate_pps: { fr: "paquets par seconde", en: "packets a second" }, spare_known: { fr: "épargne les sources connues", en: "spares known sources" },
    class: { fr: "genre", en: "class" }, protocol: { fr: "protocole", en: "protocol" }, tcp_flags: { fr: "drapeaux TCP", en: "TCP flags" }, length: { fr: "longueur", en: "length" },
    ttl: { fr: "TTL", en: "TTL" }, source_port: { fr: "port source", en: "source port" }, dest_port: { fr: "port visé", en: "destination port" }, window: { fr: "fenêtre TCP", en: "TCP window" },
    header_words: { fr: "longueur d’en-tête", en: "header length" }, country: { fr: "pays", en: "country" }, ip_id: { fr: "identifiant IP", en: "IP identifier" },
    fragment_offset: { fr: "décalage de fragment", en: "fragment offset" }, tcp_options_1: { fr: "première option TCP", en: "first TCP option" }, tcp_options: { fr: "options TCP", en: "TCP options" },
    payload_1: { fr: "premier octet", en: "first byte" }, payload_2: { fr: "deux premiers octets", en: "first two bytes" }, payload_4: { fr: "quatre premiers octets", en: "first four bytes" },
    payload_8: { fr: "huit premiers octets", en: "first eight bytes" }, served_port: { fr: "port servi", en: "served port" }, empty: { fr: "vide", en: "empty" },
    dont_fragment: { fr: "ne pas fragmenter", en: "do not fragment" }, fragment: { fr: "fragmenté", en: "fragmented" }, fragment_later: { fr: "fragment suivant", en: "later fragment" },
    ip_options: { fr: "options IP", en: "IP options" }, low_source_port: { fr: "port source bas", en: "low source port" }, ipv6: { fr: "IPv6", en: "IPv6" },
};
export const measureKindWords: Words = {
    signature: { fr: "Signature", en: "Signature" }, challenge: { fr: "Épreuve d’adresse", en: "Address challenge" },
    fence: { fr: "Clôture de pays", en: "Country fence" }, throttle: { fr: "Bridage", en: "Throttle" },
};
export const measureStateWords: Words = {
    proposed: { fr: "Proposée", en: "Proposed" }, standing: { fr: "En place", en: "Standing" }, probation: { fr: "À l’essai", en: "On probation" },
    lifted: { fr: "Levée", en: "Lifted" }, expired: { fr: "Échue", en: "Expired" }, refused: { fr: "Interdite", en: "Forbidden" },
};
export const measureLiftAsked: Text = { fr: "Levée demandée", en: "End asked for" };

// ---- obligations
export const oblDue: Text = { fr: "Dues", en: "Owed" };
export const oblPossible: Text = { fr: "Peut-être, selon les faits qui manquent", en: "Perhaps, depending on facts that are missing" };
export const oblDone: Text = { fr: "Réglées", en: "Settled" };
export const oblNone: Text = { fr: "Aucune obligation.", en: "No duty." };
export const voluntary: Text = { fr: "Volontaire", en: "Voluntary" };
export const recipient: Text = { fr: "Destinataire", en: "Recipient" };
export const clockFrom: Text = { fr: "Le délai court depuis", en: "The clock runs since" };
export const clockNot: Text = { fr: "Le délai n’a pas commencé", en: "The clock has not started" };
export const due: Text = { fr: "À faire avant", en: "Due" };
export const noHour: Text = { fr: "pas d’heure fixée", en: "no hour named" };
export const legalBasis: Text = { fr: "Fondement", en: "Legal basis" };
export const filedOn: Text = { fr: "Envoyée le", en: "Sent on" };
export const filedLate: Text = { fr: "hors délai", en: "late" };
export const filings: Text = { fr: "Envois", en: "What was sent" };
export const file: Text = { fr: "Noter l’envoi", en: "Note the sending" };
export const fileButton: Text = { fr: "C’est envoyé…", en: "It has been sent…" };
export const fileTitle: Text = { fr: "Noter l’envoi d’une déclaration", en: "Note that a declaration was sent" };
export const fileWhy: Text = { fr: "Garde n’envoie rien elle-même : notez ici ce que vous avez transmis à : {recipient}.", en: "Garde sends nothing itself: note here what you handed to: {recipient}." };
export const phase: Text = { fr: "Étape", en: "Phase" };
export const channel: Text = { fr: "Par quel moyen", en: "By which means" };
export const channelWords: Words = {
    portal: { fr: "Portail en ligne", en: "Online portal" }, mail: { fr: "Courriel", en: "Mail" }, phone: { fr: "Téléphone", en: "Telephone" },
    paper: { fr: "Courrier ou remise en main propre", en: "Letter or by hand" },
};
export const lateReason: Text = { fr: "Pourquoi si tard", en: "Why so late" };
export const lateReasonHint: Text = { fr: "L’heure est passée : le motif du retard accompagne la déclaration.", en: "The hour has passed: the reason for the delay goes with the declaration." };
export const receipt: Text = { fr: "Accusé de réception ou numéro", en: "Receipt or number" };
export const receiptHint: Text = { fr: "Le numéro donné par le portail, le nom de la personne au téléphone…", en: "The number the portal gave, the name of the person on the telephone…" };
export const waive: Text = { fr: "Ne pas déclarer…", en: "Do not declare…" };
export const waiveTitle: Text = { fr: "Écrire pourquoi ce n’est pas déclaré", en: "Write down why it is not declared" };
export const waiveWhy: Text = { fr: "Le motif et votre nom restent au registre et seront montrés à un inspecteur.", en: "The reason and your name stay in the register and will be shown to an inspector." };
export const waivedWhy: Text = { fr: "Pourquoi non déclarée", en: "Why not declared" };
export const detailsAndPapers: Text = { fr: "Détails et papiers", en: "Details and papers" };
export const paperPdf: Text = { fr: "Déclaration (PDF)", en: "Declaration (PDF)" };
export const paperText: Text = { fr: "Texte à copier", en: "Text to copy" };
export const paperBlank: Text = { fr: "Formulaire vierge", en: "Blank form" };
export const obligationStateWords: Words = {
    possible: { fr: "Possible", en: "Possible" }, due: { fr: "Due", en: "Owed" }, filed: { fr: "Envoyée", en: "Sent" },
    waived: { fr: "Non déclarée, avec motif", en: "Not declared, with a reason" }, void: { fr: "Sans objet", en: "Void" },
};

// ---- crisis cell
export const logTitle: Text = { fr: "Main courante", en: "Log" };
export const logNone: Text = { fr: "Aucune décision ni note encore.", en: "No decision or note yet." };
export const entryKind: Text = { fr: "Ce que c’est", en: "What it is" };
export const decision: Text = { fr: "Décision", en: "Decision" };
export const decisionText: Text = { fr: "Décision prise", en: "Decision taken" };
export const noteText: Text = { fr: "Note", en: "Note" };
export const writeDown: Text = { fr: "Inscrire", en: "Write down" };
export const writtenDown: Text = { fr: "Inscrit au registre.", en: "Written into the register." };
export const revision: Text = { fr: "Prochain point de situation :", en: "Next review:" };
export const revisionNone: Text = { fr: "pas fixé", en: "not set" };
export const revisionDone: Text = { fr: "Point fait, prochain dans 12 h", en: "Done, next in 12 h" };
export const revisionOther: Text = { fr: "Autre heure…", en: "Another time…" };
export const revisionWhen: Text = { fr: "Prochain point", en: "Next review" };
export const handoverTitle: Text = { fr: "Relève", en: "Shift handover" };
export const handoverWhy: Text = { fr: "La fiche reprend l’état, les mesures, ce qui est dû et les décisions du poste.", en: "The sheet has the state, the measures, what is owed and the shift’s decisions." };
export const handoverSheet: Text = { fr: "Fiche de relève", en: "Handover sheet" };
export const handoverTo: Text = { fr: "À qui", en: "To whom" };
export const handoverText: Text = { fr: "À transmettre", en: "To pass on" };
export const handoverHint: Text = { fr: "Ce qui n’est pas écrit ailleurs : ce que l’on attend, ce qui inquiète.", en: "What is written nowhere else: what is awaited, what worries." };
export const handoverButton: Text = { fr: "Passer la main", en: "Hand over" };
export const statusTitle: Text = { fr: "Informer le public", en: "Tell the public" };
export const statusWhy: Text = { fr: "Lisible par tous, sans compte, dès qu’une seconde personne l’a approuvé :", en: "For anybody to read, without an account, once a second person has agreed:" };
export const statusFile: Text = { fr: "La page en un fichier sans script, à héberger ailleurs (HTML)", en: "The page as one file without script, to be hosted elsewhere (HTML)" };
export const statusPublish: Text = { fr: "Publier", en: "Publish" };
export const statusPublished: Text = { fr: "Publié.", en: "Published." };
export const inFrench: Text = { fr: "En français", en: "In French" };
export const inEnglish: Text = { fr: "En anglais", en: "In English" };
export const inEnglishHint: Text = { fr: "Vide : le texte français est repris.", en: "Empty: the French text is used." };

// ---- evidence, closing, letters
export const documents: Text = { fr: "Documents", en: "Papers" };
export const documentsPossible: Text = { fr: "Déclarations qui ne sont pas dues à ce jour", en: "Declarations that are not owed to date" };
export const evidence: Text = { fr: "Ce qui a été vu", en: "What was seen" };
export const evidenceNone: Text = { fr: "Aucun constat de capteur : cet incident vient d’une personne.", en: "No sensor’s finding: this incident comes from a person." };
export const confidence: Text = { fr: "Confiance", en: "Confidence" };
export const findingPhaseWords: Words = { begins: { fr: "Commence", en: "Begins" }, continues: { fr: "Continue", en: "Continues" }, ends: { fr: "Se termine", en: "Ends" } };
export const sensorWords: Words = { edge: { fr: "Garde des paquets", en: "Packet guard" }, person: { fr: "Une personne", en: "A person" } };
export const evidenceWords: Words = {
    peak_pps: { fr: "Débit le plus fort (paquets/s)", en: "Highest rate (packets/s)" }, sources: { fr: "Adresses sources", en: "Source addresses" },
    packets: { fr: "Paquets", en: "Packets" }, dropped: { fr: "Écartés", en: "Dropped" }, countries: { fr: "Pays", en: "Countries" },
    seconds: { fr: "Durée (s)", en: "Length (s)" }, dropped_packets: { fr: "Paquets écartés", en: "Packets dropped" },
    started: { fr: "Début", en: "Began" }, ended: { fr: "Fin", en: "Ended" }, kinds: { fr: "Genres de paquets", en: "Kinds of packets" },
    availability_hit: { fr: "Visiteurs habituels empêchés", en: "Usual visitors kept out" }, button: { fr: "Bouton", en: "Button" }, report: { fr: "Signalement", en: "Report" },
    same_shape_fraction: { fr: "De même forme", en: "Of the same shape" }, shape: { fr: "Cette forme", en: "That shape" }, rate_pps: { fr: "Débit (paquets/s)", en: "Rate (packets/s)" },
    normal_pps: { fr: "Débit habituel (paquets/s)", en: "Usual rate (packets/s)" }, from_known_sources: { fr: "Venant de sources connues", en: "From known sources" },
};
export const closingWhy: Text = { fr: "Le bilan est assemblé à partir du registre : chronologie, mesures et leur coût, délais, ce qui a manqué. Corrigez-le ; le compte rendu public en est la version sans données sensibles.", en: "The report is assembled from the register: timeline, measures and their cost, delays, what was missing. Correct it; the public account is the version without sensitive data." };
export const closingReport: Text = { fr: "Retour d’expérience", en: "Closing report" };
export const closingPublic: Text = { fr: "Compte rendu public", en: "Public account" };
export const closingEdit: Text = { fr: "Texte du bilan", en: "Text of the report" };
export const closingAdd: Text = { fr: "Ajouter un texte", en: "Add a text" };
export const closingNothing: Text = { fr: "Rien n’est inscrit à ce titre.", en: "Nothing is written under this heading." };
export const closingHint: Text = { fr: "Sans nom de personne : ce texte paraît aussi dans le compte rendu public.", en: "Without names of persons: this text also stands in the public account." };
export const lettersWhy: Text = { fr: "Courriers aux personnes concernées (RGPD, article 34). Un tableau entre, des lettres prêtes à imprimer sortent, avec la liste pour la preuve d’envoi.", en: "Letters to the persons concerned (GDPR, article 34). A table goes in, letters ready to print come out, with the list for proof of sending." };
export const lettersNew: Text = { fr: "Préparer des courriers", en: "Prepare letters" };
export const lettersMade: Text = { fr: "Courriers préparés", en: "Letters prepared" };
export const lettersNone: Text = { fr: "Aucun courrier encore.", en: "No letter yet." };
export const lettersMake: Text = { fr: "Faire les lettres", en: "Make the letters" };
export const lettersProgress: Text = { fr: "{done} lettres sur {all}", en: "{done} of {all} letters" };
export const lettersFile: Text = { fr: "Télécharger les lettres", en: "Download the letters" };
export const lettersSent: Text = { fr: "Noter l’envoi", en: "Note the sending" };
export const letterTemplate: Text = { fr: "Modèle de lettre", en: "Letter" };
export const letterRecipient: Text = { fr: "Destinataire", en: "Recipient" };
export const letterRecipientHint: Text = { fr: "Le nom, puis l’adresse, une ligne chacun.", en: "The name, then the address, a line each." };
export const templateMissing: Text = { fr: "Choisissez d’abord un modèle de lettre.", en: "Choose a letter first." };
export const lettersStateWords: Words = {
    making: { fr: "En préparation", en: "Being prepared" }, made: { fr: "Prêtes", en: "Ready" }, stopped: { fr: "Arrêtées", en: "Stopped" },
    failed: { fr: "Échec", en: "Failed" }, erased: { fr: "Effacées", en: "Erased" },
};
export const lettersCount: Text = { fr: "Lettres", en: "Letters" };
export const lettersPages: Text = { fr: "Pages", en: "Pages" };
export const lettersLeftOut: Text = { fr: "Lignes laissées de côté", en: "Rows left out" };
export const lettersEraseAt: Text = { fr: "Seront effacées le", en: "Will be erased on" };
export const lettersStop: Text = { fr: "Arrêter", en: "Stop" };
export const lettersErase: Text = { fr: "Effacer les lettres", en: "Erase the letters" };
export const lettersEraseWhy: Text = { fr: "Noms et adresses disparaissent de Garde ; la preuve d’envoi reste.", en: "Names and addresses leave Garde; the proof of sending stays." };
export const lettersProof: Text = { fr: "Preuve d’envoi (PDF)", en: "Proof of sending (PDF)" };
export const lettersNumbers: Text = { fr: "Lettres n°", en: "Letters no." };
export const lettersFrom: Text = { fr: "De la lettre n°", en: "From letter no." };
export const lettersTo: Text = { fr: "À la lettre n°", en: "To letter no." };
export const lettersWay: Text = { fr: "Par quelle voie", en: "By which way" };
export const lettersWayHint: Text = { fr: "La Poste, recommandé, porteur…", en: "Post, registered, by hand…" };
export const lettersTracking: Text = { fr: "Numéro de suivi ou de dépôt", en: "Tracking or deposit number" };
export const csvCheck: Text = { fr: "Vérifier le tableau", en: "Check the table" };
export const csvGood: Text = { fr: "Ce tableau donne {n} lettres.", en: "This table gives {n} letters." };
export const csvBad: Text = { fr: "Lignes qui n’en donnent pas : {n}", en: "Rows that give none: {n}" };
export const csvRow: Text = { fr: "ligne {n} :", en: "row {n}:" };
export const lettersBlank: Text = { fr: "Cette lettre ne peut pas partir : il y manque", en: "This letter cannot go out: it lacks" };
export const lettersMissing: Text = { fr: "Ceci n’est pas connu, et la lettre le dira", en: "This is not known, and the letter will say so" };
export const lettersText: Text = { fr: "Texte à copier dans un message", en: "Text to be copied into a mail" };
export const lettersJson: Text = { fr: "Le même en JSON", en: "The same as JSON" };
export const lettersIncomplete: Text = { fr: "La faire telle quelle, sans attendre ces réponses", en: "Make it as it is, without waiting for these answers" };
export const csvLeaveOut: Text = { fr: "Laisser de côté les lignes inutilisables", en: "Leave out rows that cannot be used" };
export const csvFile: Text = { fr: "Tableau des destinataires (CSV)", en: "Table of recipients (CSV)" };
export const csvHint: Text = { fr: "Première ligne : les noms des colonnes. Le fichier reste sur ce poste jusqu’à l’envoi.", en: "First line: the names of the columns. The file stays on this computer until sent." };
export const csvPreview: Text = { fr: "Aperçu des premières lignes.", en: "Preview of the first lines." };
export const csvTooLarge: Text = { fr: "Ce fichier dépasse 32 Mo : coupez-le en plusieurs.", en: "This file is over 32 MB: cut it into several." };
export const csvMissing: Text = { fr: "Choisissez d’abord le tableau des destinataires.", en: "Choose the table of recipients first." };

// ---- register, playbooks, contacts
export const registerWhy: Text = { fr: "Toutes les violations de données personnelles, déclarées ou non (RGPD, article 33, paragraphe 5).", en: "Every breach of personal data, notified or not (GDPR, article 33(5))." };
export const registerPaper: Text = { fr: "Imprimer le registre (PDF)", en: "Print the register (PDF)" };
export const registerNone: Text = { fr: "Aucune violation inscrite.", en: "No breach is entered." };
export const notified: Text = { fr: "Notifiée à la CNIL", en: "Notified to the CNIL" };
export const personsTold: Text = { fr: "Personnes informées", en: "Persons told" };
export const dueYet: Text = { fr: "Pas encore", en: "Not yet" };
export const playbooksWhy: Text = { fr: "Que faire, étape par étape, pour chaque genre d’incident. Lisez-les avant ; imprimez-les.", en: "What to do, step by step, for each kind of incident. Read them before; print them." };
export const playbooksNone: Text = { fr: "Aucune fiche.", en: "No playbook." };
export const contactsWhy: Text = { fr: "L’ordre est celui des appels. Cette liste est gardée ici parce que l’annuaire peut être ce qui est en panne.", en: "The order is that of the calls. This list is kept here because the directory may be what is down." };
export const contactsNone: Text = { fr: "Aucun contact encore.", en: "No contact yet." };
export const contactNumber: Text = { fr: "Contact n° {n}", en: "Contact no. {n}" };
export const contactAdd: Text = { fr: "Ajouter un contact", en: "Add a contact" };
export const functionWord: Text = { fr: "Fonction", en: "Function" };
export const phone: Text = { fr: "Téléphone", en: "Telephone" };
export const phone2: Text = { fr: "Autre téléphone", en: "Other telephone" };
export const callsWhom: Text = { fr: "Appelle ensuite", en: "Then calls" };
export const mail: Text = { fr: "Courriel", en: "Mail" };

// ---- accounts, approvals, journal, settings
export const accountsWhy: Text = { fr: "Des comptes locaux, qui ne dépendent d’aucun annuaire.", en: "Local accounts, which depend on no directory." };
export const accountNew: Text = { fr: "Créer un compte", en: "Make an account" };
export const accountEnabled: Text = { fr: "Le compte peut se connecter", en: "The account may log in" };
export const accountOn: Text = { fr: "Actif", en: "Active" };
export const accountOff: Text = { fr: "Suspendu", en: "Switched off" };
export const lastSeen: Text = { fr: "Vu le", en: "Last seen" };
export const passwordOnce: Text = { fr: "Mot de passe provisoire, montré une seule fois", en: "First password, shown this once" };
export const passwordOnceWhy: Text = { fr: "Dites-le à la personne de vive voix. Elle en choisira un autre à sa première connexion.", en: "Tell the person by word of mouth. They will choose another at their first login." };
export const passwordGive: Text = { fr: "Nouveau mot de passe", en: "New password" };
export const passwordGiveWhy: Text = { fr: "{name} devra en choisir un autre à la prochaine connexion.", en: "{name} will have to choose another at the next login." };
export const rolesTitle: Text = { fr: "Ce que chaque rôle permet", en: "What each role allows" };
export const approvalsWhy: Text = { fr: "Ce qui est large ou difficile à défaire demande l’accord de deux personnes.", en: "What is wide or hard to undo needs two persons to agree." };
export const approvalsNone: Text = { fr: "Rien n’attend d’approbation.", en: "Nothing waits for approval." };
export const approvalWaits: Text = { fr: "En attente", en: "Waiting" };
export const approvalMine: Text = { fr: "Vous l’avez demandé : une autre personne doit l’approuver.", en: "You asked for it: another person has to agree." };
export const approvalAgreed: Text = { fr: "Approuvé.", en: "Agreed." };
export const askedBy: Text = { fr: "Demandé par {name}", en: "Asked by {name}" };
export const expires: Text = { fr: "Expire le", en: "Expires on" };
export const agree: Text = { fr: "Approuver", en: "Agree" };
export const refuse: Text = { fr: "Refuser", en: "Refuse" };
export const approvalStateWords: Words = {
    given: { fr: "Approuvé", en: "Agreed" }, agreed: { fr: "Approuvé", en: "Agreed" }, refused: { fr: "Refusé", en: "Refused" }, expired: { fr: "Échu", en: "Expired" }, done: { fr: "Fait", en: "Done" },
};
export const paramWords: Words = {
    kind: { fr: "Genre", en: "Kind" }, subject: { fr: "Service", en: "Service" }, selector: { fr: "Ce qu’elle touche", en: "What it meets" },
    until: { fr: "Jusqu’au", en: "Until" }, why: { fr: "Pourquoi", en: "Why" }, reason: { fr: "Motif", en: "Reason" }, seq: { fr: "Ligne", en: "Line" },
    name: { fr: "Nom", en: "Name" }, measure: { fr: "Mesure", en: "Measure" }, countries: { fr: "Pays", en: "Countries" },
};
export const journalWhy: Text = { fr: "Chaque acte est une ligne ; chaque ligne scelle les précédentes. Rien ne se corrige, tout s’ajoute.", en: "Every act is a line; every line seals those before. Nothing is corrected, everything is added." };
export const signedOn: Text = { fr: "Signée le", en: "Signed on" };
export const rootHash: Text = { fr: "Empreinte", en: "Hash" };
export const signature: Text = { fr: "Signature", en: "Signature" };
export const key: Text = { fr: "Clé publique", en: "Public key" };
export const verifyTitle: Text = { fr: "Vérifier sans nous croire", en: "Check without trusting us" };
export const verifyWhy: Text = { fr: "Gardez une copie de cette tête hors de cette machine (papier, clé USB). Sur n’importe quelle machine, la commande dit si une ligne a été changée :", en: "Keep a copy of this head away from this machine (paper, USB). On any machine, the command says whether a line was changed:" };
export const exportTitle: Text = { fr: "Tout emporter", en: "Take everything" };
export const exportWords: Words = {
    incidents: { fr: "Incidents", en: "Incidents" }, measures: { fr: "Mesures", en: "Measures" }, obligations: { fr: "Obligations", en: "Duties" },
    records: { fr: "Journal", en: "Journal" }, findings: { fr: "Constats", en: "Findings" }, tasks: { fr: "Tâches", en: "Tasks" }, contacts: { fr: "Contacts", en: "Contacts" },
    facts: { fr: "Faits", en: "Facts" }, filings: { fr: "Dépôts", en: "Filings" }, letters: { fr: "Lettres", en: "Letters" }, sendings: { fr: "Envois", en: "Sendings" },
    accounts: { fr: "Comptes", en: "Accounts" }, approvals: { fr: "Accords à deux", en: "Approvals" },
};
export const records: Text = { fr: "Lignes", en: "Lines" };
export const recordsNone: Text = { fr: "Aucune ligne.", en: "No line." };
export const erase: Text = { fr: "Effacer le texte", en: "Erase the text" };
export const eraseTitle: Text = { fr: "Effacer le texte personnel de la ligne {seq} ?", en: "Erase the personal text of line {seq}?" };
export const eraseWhy: Text = { fr: "Le texte disparaît pour toujours ; la chaîne reste vérifiable. Une seconde personne devra l’approuver.", en: "The text goes for ever; the chain still verifies. A second person will have to agree." };
export const settingsWhy: Text = { fr: "Ce que Garde a reçu comme réglages, et si cela tient. Les réglages se changent dans le fichier garde.yaml.", en: "What Garde was told, and whether it holds. Settings are changed in the file garde.yaml." };
export const checksTitle: Text = { fr: "Vérification des réglages", en: "Check of the settings" };
export const checksNone: Text = { fr: "Aucune vérification.", en: "No check." };
export const checksBad: Text = { fr: "À revoir : {n}", en: "To look at: {n}" };
export const checksGood: Text = { fr: "Tout est en ordre", en: "All is in order" };
export const setting: Text = { fr: "Réglage", en: "Setting" };
export const fine: Text = { fr: "En ordre", en: "In order" };
export const notFine: Text = { fr: "À revoir", en: "To look at" };
export const outTitle: Text = { fr: "Vers d’autres systèmes", en: "To other systems" };
export const outAway: Text = { fr: "Le service d’envoi n’est pas relié : ce qui part attend.", en: "The sending service is not connected: what leaves waits." };
export const outWaiting: Text = { fr: "En attente", en: "Waiting" };
export const outGivenUp: Text = { fr: "Abandonnés", en: "Given up" };
export const outTest: Text = { fr: "Essayer", en: "Test" };
export const outItems: Text = { fr: "Ce qui n’a pas pu partir", en: "What could not leave" };
export const outNone: Text = { fr: "Rien n’est envoyé à d’autres systèmes.", en: "Nothing is sent to other systems." };

// ---- the help page
export const helpTitle: Text = { fr: "Que s’est-il passé ?", en: "What happened?" };
export const helpWhy: Text = { fr: "Touchez ce qui ressemble le plus. Vous ne serez pas jugé : prévenir tôt aide tout le monde.", en: "Press what is most like it. Nobody will blame you: telling early helps everybody." };
export const helpNumberAgain: Text = { fr: "Vous avez déjà un numéro ?", en: "You have a number already?" };
export const helpFind: Text = { fr: "Retrouver", en: "Find" };
export const helpQuestions: Text = { fr: "Quelques questions. « Je ne sais pas » est toujours une bonne réponse.", en: "A few questions. “I don’t know” is always a good answer." };
export const helpContact: Text = { fr: "Comment vous joindre (facultatif)", en: "How to reach you (optional)" };
export const helpContactHint: Text = { fr: "Votre nom, votre poste ou un numéro de téléphone.", en: "Your name, your extension or a telephone number." };
export const helpSend: Text = { fr: "Prévenir et voir quoi faire", en: "Tell and see what to do" };
export const helpSteps: Text = { fr: "À faire maintenant", en: "To do now" };
export const helpThanks: Text = { fr: "Merci. Les personnes de garde sont prévenues. Cochez ce qui est fait.", en: "Thank you. The people on duty have been told. Tick what is done." };
export const helpYourNumber: Text = { fr: "Votre numéro :", en: "Your number:" };
export const helpKeepNumber: Text = { fr: "Notez-le sur papier. Il permet de revenir à cette page et de parler de cette affaire.", en: "Write it down on paper. It brings you back to this page and names this matter." };
export const helpCall: Text = { fr: "Appelez :", en: "Call:" };
export const helpClosed: Text = { fr: "Cette affaire est close.", en: "This matter is closed." };
export const helpAnother: Text = { fr: "Signaler autre chose", en: "Report something else" };

// ---- the public status page
export const publicTitle: Text = { fr: "État des services", en: "State of the services" };
export const publicCalm: Text = { fr: "Aucun incident en cours.", en: "No incident is open." };
export const publicUpdated: Text = { fr: "Mis à jour :", en: "Updated:" };
