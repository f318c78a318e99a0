import type { AlarmPhrases } from "./alarms-en-us.ts";

/** The sentences of load management's alarms, and of what its guard found, in French. */
export const FRENCH_ALARM_PHRASES: AlarmPhrases = {
  alarmWrongSign: "compteur {meter} : son courant sur L{phase} baisse quand les bornes prennent plus",
  alarmWrongSignHint: "vérifiez le sens de sa pince de courant sur L{phase}, et le signe dans ses réglages",
  alarmWrongScale: "compteur {meter} : sur L{phase}, il ne montre qu’une petite part de ce que prennent les bornes",
  alarmWrongScaleHint: "vérifiez le rapport de transformation dans ses réglages et l’échelle de son profil",
  alarmWrongOrder: "compteur {meter} : ce que les bornes prennent sur L{phase}, il le montre sur une autre phase",
  alarmWrongOrderHint: "vérifiez l’ordre de ses phases, pinces et tensions, et la rotation réglée pour les bornes",
  alarmMeterFrozen: "compteur {meter} : ses valeurs sont figées pendant qu’une voiture charge",
  alarmMeterUnheard: "compteur {meter} : encore aucune nouvelle",
  alarmMeterStale: "compteur {meter} : aucune bonne valeur depuis {seconds} s",
  alarmFallback:
    "zone {zone}, L{phase} : laissées à elles-mêmes, ses bornes garderaient {alone} ; avec la charge actuelle de {load}, cela dépasse {limit}",
  alarmFailSafe: "zone {zone} : mode sûr à {current} par prise à cause du compteur {meter}",
  alarmNothingAssumed:
    "aucune voiture ne commence, car aucune autre charge n’est supposée et aucun jour entier n’a été observé",
  alarmNoRoom:
    "aucune voiture ne commence, car à côté de la charge supposée de {load} il n’y a pas de place pour toutes",
  alarmRoomForAll:
    "des voitures peuvent commencer, car à côté de la charge supposée de {load} il y a de la place pour toutes",
  alarmAway: "la prise {id} n’est pas connectée ; {current} lui restent réservés",
  alarmDraws: "la prise {id} prend {current} depuis {seconds} s pour une limite de {limit}",
  alarmWrites: "la prise {id} a reçu {count} profils de charge ces dernières 24 heures",
  alarmKeptOne:
    "la prise {id} devait alimenter sa voiture sur trois phases et reste sur une ; elle n’est plus changée avant le départ de la voiture",
  alarmKeptThree:
    "la prise {id} devait alimenter sa voiture sur une phase et reste sur trois ; elle n’est plus changée avant le départ de la voiture",
  alarmRotation:
    "la prise {id} prend du courant sur L{phase} alors que sa rotation est réglée sur {rotation} ; elle compte sur chaque phase jusqu’à correction",
  alarmOutOfService: "la prise {id} a été mise hors service ; {current} lui sont réservés",
  alarmDrew: "la prise {id} a pris plus que sa limite, quoi qu’on ait essayé ; {current} lui sont réservés",
  alarmDrawsAnyway: "la prise {id} prend {draw} quelle que soit sa limite ; {current} lui sont réservés",
  alarmRefuses: "la prise {id} refuse les limites ou n’y répond pas ; {current} lui sont réservés",
  alarmBreaker:
    "L{phase} de la zone {zone} : {measured} mesurés, limite {limit}, et il n’y a plus rien à baisser ; la prise {connector} prend trop",
  alarmZoneTree: "zones refusées : {why}",
  alarmControl: "échec du cycle de réglage : {why}",
  guardAlone: "laissées à elles-mêmes, les bornes qui ne se rabattent pas à temps et les autres charges font ensemble",
  guardCommanded: "limites et autres charges font ensemble",
  guardIncrease: "une limite a été augmentée alors que réservations et autres charges font ensemble",
  guardMeasured: "mesuré pendant 15 s :",
  guardImbalance: "au-dessus de la phase la moins chargée de",
  guardMinimum: "une limite entre 0 A et le minimum :",
  guardStrayed:
    "plus rien à baisser parmi les prises censées y être, des prises d’autres phases sont essayées ; mesuré :",
  guardCharger: "prise {connector} : {what} {sum}, minimum {limit}",
  guardPhase: "L{phase} de la zone {zone} : {what} {sum}, limite {limit}",
  guardPower: "puissance de la zone {zone} : {what} {sum}, limite {limit}",
  hintGeneral: "autorisez le pilotage par un système externe dans les réglages de la borne",
  hintNoProfiles: "la borne n’accepte pas de profils de charge ; son maximum reste réservé",
  hintNoAnswer:
    "pas de réponse à une limite, la plus haute de l’ancienne et de la nouvelle reste réservée : vérifiez son réseau, ou redémarrez-la",
  hintUnanswered: "Elle n’a pas répondu à une limite : vérifiez son réseau, ou redémarrez-la.",
  hintNoPause:
    "Elle ne se met pas en pause à 0 A ; son plus petit courant reste réservé. Pour l’arrêter, terminez la charge ou débranchez la voiture.",
  hintSchedule: "son programme composite montre {nowA} A pour une limite de {limitA} A",
  hintAway: "la borne n’est pas connectée ; ce qui lui est réservé le reste",
  hintReserved: "la prise est réservée, non attribuée, tant qu’on ne sait pas si sa borne obéit",
  hintOld: "l’attribution est trop ancienne pour relever ou renouveler une limite ; le bail expire",
};
