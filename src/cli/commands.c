/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli/cli.h"

#include "hub/export.h"

#define AUTHOR                                                                                               \
        {                                                                                                    \
                "author", "NAME", "qui répond de cet acte (sinon : le compte)",                              \
                        "who answers for this act (else: the account)"                                       \
        }
#define END                                                                                                  \
        {                                                                                                    \
                0                                                                                            \
        }

static const struct cli_option none[] = {END};

static const struct cli_option all[] = {
        {"all", NULL, "aussi ce qui est terminé", "also what is over"},
        END,
};

static const struct cli_option detail[] = {
        {"all", NULL, "aussi les obligations qui peuvent devenir dues",
         "the duties too that may yet fall due"},
        END,
};

static const struct cli_option status[] = {
        {"all", NULL, "aussi les obligations qui peuvent devenir dues",
         "the duties too that may yet fall due"},
        {"watch", NULL, "suivre jusqu’à Ctrl-C", "follow until Ctrl-C"},
        END,
};

static const struct cli_option drill[] = {
        {"policy", "garde|as-in-2020", "qui répond : Garde, ou ce que fit le fournisseur en 2020",
         "who answers: Garde, or what the provider did in 2020"},
        {"out", "FOLDER", "où vont le rapport, les déclarations et le journal",
         "where report, declarations and journal go"},
        {"captures", "FOLDER", "les captures à rejouer (sinon : GARDE_CAPTURES)",
         "the captures to replay (else: GARDE_CAPTURES)"},
        {"stay", NULL, "à la fin, garder le hub et sa console jusqu’à Ctrl-C",
         "at the end, keep the hub and its console until Ctrl-C"},
        END,
};

static const struct cli_option fact[] = {
        AUTHOR,
        {"at", "TIME", "quand c’était ainsi (saisie après coup)", "when it was so (typed in later)"},
        END,
};

static const struct cli_option reason[] = {
        AUTHOR,
        {"reason", "TEXT", "pourquoi", "why"},
        END,
};

static const struct cli_option tick[] = {
        AUTHOR,
        {"skip", NULL, "ne sera pas faite (avec --reason)", "will not be done (with --reason)"},
        {"open", NULL, "à faire de nouveau", "to do again"},
        {"reason", "TEXT", "pourquoi", "why"},
        {"note", "TEXT", "remarque", "remark"},
        {"at", "TIME", "quand c’était fait (saisie après coup)", "when it was done (typed in later)"},
        END,
};

static const struct cli_option author[] = {AUTHOR, END};

static const struct cli_option ask[] = {
        AUTHOR,
        {"selector", "JSON", "ce qu’elle vise", "what it matches"},
        {"for", "SECONDS", "sa durée (600)", "how long (600)"},
        {"reason", "TEXT", "pourquoi", "why"},
        END,
};

static const struct cli_option kit[] = {
        {"out", "FOLDER", "où va le classeur (ici)", "where the binder goes (here)"},
        {"language", "LANGUAGE", "fr ou en", "fr or en"},
        {0},
};

static const struct cli_option declare[] = {
        {"out", "FOLDER", "où vont les papiers (ici)", "where the papers go (here)"},
        {"all", NULL, "aussi celles qui peuvent devenir dues", "those too that may fall due"},
        {"filed", NULL, "noter qu’elle a été déposée", "note that it was handed in"},
        {"receipt", "TEXT", "numéro de l’accusé de réception", "number of the receipt"},
        {"waive", NULL, "noter pourquoi elle ne sera pas faite (avec --reason)",
         "note why it will not be done (with --reason)"},
        {"phase", "PHASE", "initial, complement ou closing : le papier de cette phase, ou ce qui est déposé",
         "initial, complement or closing: the paper of this phase, or what was handed in"},
        {"channel", "WAY", "par quelle voie : portal, mail, phone, paper…",
         "by which way: portal, mail, phone, paper…"},
        {"reason", "TEXT", "pourquoi ; pour un dépôt, pourquoi si tard", "why; for a filing, why so late"},
        {"at", "TIME", "quand", "when"},
        AUTHOR,
        END,
};

static const struct cli_option verify[] = {
        {"key", "HEX", "la clé publique connue d’ailleurs", "the public key known from elsewhere"},
        {"head", "FILE", "une tête signée gardée ailleurs", "a signed head kept elsewhere"},
        END,
};

static const struct cli_option prove[] = {
        {"size", "N", "la tête de cette taille (sinon : la dernière)",
         "the head of that size (else: the newest)"},
        END,
};

static const struct cli_option replay[] = {
        {"attack", "CAPTURE", "ce qui attaque (pcap, pcapng)", "what attacks (pcap, pcapng)"},
        {"calm", "CAPTURE", "le trafic normal, pour apprendre et mêler",
         "normal traffic, to learn and to mix in"},
        {"victim", "ADDRESS", "l’adresse attaquée", "the address attacked"},
        {"rate", "PPS", "paquets par seconde (50000)", "packets a second (50000)"},
        {"seconds", "N", "durée de l’attaque (20)", "how long the attack lasts (20)"},
        END,
};

static const struct cli_option reset[] = {
        {"second-factor", NULL, "retirer aussi le second facteur", "remove the second factor too"},
        AUTHOR,
        END,
};

static const struct cli_option out_list[] = {
        {"target", "NAME", "vers cette cible seulement", "to this target alone"},
        END,
};

static const struct cli_option export[] = {
        {"format", "csv|json", "la forme (csv)", "the format (csv)"},
        END,
};

static const struct cli_option compile[] = {
        {"out", "FILE", "où va l’ensemble compilé", "where the compiled set goes"},
        {"format", "FORMAT", "plain (sinon), csv, hosts, rpz, adblock, misp, stix",
         "plain (else), csv, hosts, rpz, adblock, misp, stix"},
        {"trust", "TRUST", "block (sinon), watch, allow", "block (else), watch, allow"},
        {"now", NULL, "redemander aussi les listes dont ce n’est pas l’heure",
         "ask for lists, too, that are not due"},
        {"offline", NULL, "ne rien télécharger", "fetch nothing"},
        END,
};

static const struct cli_option give[] = {
        {"all", NULL, "aussi les noms que leur liste réserve (au-delà de TLP:GREEN)",
         "the names too that their list reserves (beyond TLP:GREEN)"},
        END,
};

const struct cli_command cli_commands[] = {
        {"run", "", "démarre les services et les veille", "starts the daemons and watches them", 0, 0, none,
         command_run},
        {"check", "[FILE]", "lit la configuration et dit ce qui vaut",
         "reads the configuration and says what is in force", 0, 1, none, command_check},
        {"status page", "[FILE]", "la page publique en un fichier, à héberger ailleurs",
         "the public page as one file, to be hosted elsewhere", 0, 1, none, command_status_page},
        {"status", "", "ce qui est en place maintenant", "what stands now", 0, 0, status, command_status},
        {"drill compare", "FOLDER FOLDER", "deux exercices côte à côte", "two exercises side by side", 2, 2,
         none, command_drill_compare},
        {"drill", "NAME", "rejoue une attaque passée (2020-03-22)", "plays a past attack again (2020-03-22)",
         1, 1, drill, command_drill},
        {"fact list", "[WORD]", "les questions d’un incident, et ce qui y répond",
         "the questions of an incident, and what answers them", 0, 1, none, command_fact_list},
        {"incident list", "", "les incidents ouverts", "the open incidents", 0, 0, all,
         command_incident_list},
        {"incident show", "INCIDENT", "un incident en entier", "one incident whole", 1, 1, detail,
         command_incident_show},
        {"incident fact", "INCIDENT NAME VALUE", "répondre à une question (« ? » : je ne sais pas)",
         "answer a question (“?”: I do not know)", 3, 3, fact, command_incident_fact},
        {"incident close", "INCIDENT", "fermer un incident", "close an incident", 1, 1, reason,
         command_incident_close},
        {"incident reopen", "INCIDENT", "rouvrir un incident fermé (avec --reason)",
         "open a closed incident again (with --reason)", 1, 1, reason, command_incident_reopen},
        {"incident tasks", "INCIDENT", "ce qu’il y a à faire, par qui, avant quand",
         "what there is to do, by whom, before when", 1, 1, all, command_incident_tasks},
        {"incident tick", "INCIDENT TASK", "cocher une tâche, l’écarter ou la rouvrir",
         "tick a task, skip it or open it again", 2, 2, tick, command_incident_tick},
        {"incident follow", "INCIDENT PLAYBOOK", "suivre un plan d’action de plus",
         "follow one more playbook", 2, 2, author, command_incident_follow},
        {"playbook list", "", "les plans d’action", "the playbooks", 0, 0, none, command_playbook_list},
        {"playbook show", "PLAYBOOK", "les pas d’un plan d’action", "the steps of a playbook", 1, 1, none,
         command_playbook_show},
        {"playbook cacao", "PLAYBOOK", "un plan d’action au format OASIS CACAO 2.0",
         "a playbook in OASIS CACAO 2.0", 1, 1, none, command_playbook_cacao},
        {"measure list", "", "les mesures en place", "the measures that stand", 0, 0, all,
         command_measure_list},
        {"measure lift", "MEASURE", "lever une mesure", "take a measure down", 1, 1, reason,
         command_measure_lift},
        {"measure ask", "KIND SERVICE", "demander une mesure (signature, fence, throttle, challenge)",
         "ask for a measure (signature, fence, throttle, challenge)", 2, 2, ask, command_measure_ask},
        {"declare", "INCIDENT [RULE]", "remplit les déclarations, ou note leur dépôt",
         "fills in the declarations, or notes that one was handed in", 1, 2, declare, command_declare},
        {"kit", "", "imprime le classeur de crise", "prints the crisis binder", 0, 0, kit, command_kit},
        {"account list", "", "les comptes de la console", "the console’s accounts", 0, 0, none,
         command_account_list},
        {"account make", "NAME ROLE[,ROLE…]",
         "créer un compte (declarant, responder, dpo, director, auditor)",
         "make an account (declarant, responder, dpo, director, auditor)", 2, 2, author,
         command_account_make},
        {"account reset", "NAME", "donner un nouveau mot de passe", "give a new password", 1, 1, reset,
         command_account_reset},
        {"account disable", "NAME", "fermer un compte et ses sessions",
         "disable an account and end its sessions", 1, 1, author, command_account_disable},
        {"account enable", "NAME", "rouvrir un compte", "enable an account again", 1, 1, author,
         command_account_enable},
        {"journal verify", "[FILE]", "vérifie le journal, ou un export", "verifies the journal, or an export",
         0, 1, verify, command_journal_verify},
        {"journal head", "", "signe et montre la tête du journal", "signs and shows the journal's head", 0, 0,
         none, command_journal_head},
        {"journal prove", "RECORD", "prouve qu’un enregistrement y est", "proves that a record is in it", 1,
         1, prove, command_journal_prove},
        {"journal export", "[FILE]", "tout le journal en lignes JSON", "the whole journal as JSON lines", 0,
         1, none, command_journal_export},
        {"journal rebuild", "", "refait les vues d’après les enregistrements",
         "makes the views again from the records", 0, 0, none, command_journal_rebuild},
        {"journal erase", "RECORD NAME", "efface un texte personnel", "erases a personal text", 2, 2, reason,
         command_journal_erase},
        {"out list", "", "ce qui part vers l’extérieur", "what leaves for outside", 0, 0, out_list,
         command_out_list},
        {"out retry", "ITEM", "essayer de nouveau ce qui n’a pas pu partir", "try again what could not leave",
         1, 1, author, command_out_retry},
        {"out test", "TARGET", "envoyer un essai à une cible", "send a test to a target", 1, 1, author,
         command_out_test},
        {"export", "KIND [FILE]", "pour un tableur, l’un de : " EXPORT_WORDS,
         "for a spreadsheet, one of: " EXPORT_WORDS, 1, 2, export, command_export},
        {"domains compile", "[FILE…]", "compile les listes de la configuration, ou ces fichiers",
         "compiles the configuration’s lists, or these files", 0, CLI_POSITIONALS_MAX, compile,
         command_domains_compile},
        {"domains judge", "[NAME…]", "que penser de ces noms ? (sinon : de chaque ligne de l’entrée)",
         "what to think of these names? (else: of each line of the input)", 0, CLI_POSITIONALS_MAX, none,
         command_domains_judge},
        {"domains why", "NAME", "pourquoi ce nom, par quelles listes, depuis quand",
         "why this name, by which lists, since when", 1, 1, none, command_domains_why},
        {"domains imitates", "NAME", "qui ce nom imite-t-il ?", "whom does this name imitate?", 1, 1, none,
         command_domains_imitates},
        {"domains status", "", "les listes, et ce qu’elles retiennent", "the lists, and what they hold back",
         0, 0, none, command_domains_status},
        {"domains export", "FORM [FILE]",
         "les noms bloqués : plain, hosts, dnsmasq, squid, postfix, rpz, misp",
         "the blocked names: plain, hosts, dnsmasq, squid, postfix, rpz, misp", 1, 2, give,
         command_domains_export},
        {"edge replay", "--attack CAPTURE", "qu’aurait coûté la nuit dernière ?",
         "what would last night have cost?", 0, 0, replay, command_edge_replay},
        {"help", "[COMMAND]", "les commandes, ou l’une d’elles", "the commands, or one of them", 0, 2, none,
         command_help},
        {"version", "", "la version", "the version", 0, 0, none, command_version},
        {0},
};
