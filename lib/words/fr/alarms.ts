export const alarm = {
  wrongSign: "compteur {meter} : son courant sur L{phase} baisse quand les bornes prennent plus",
  wrongScale: "compteur {meter} : sur L{phase}, il ne montre qu’une petite part de ce que prennent les bornes",
  wrongOrder: "compteur {meter} : ce que les bornes prennent sur L{phase}, il le montre sur une autre phase",
  meterFrozen: "compteur {meter} : ses valeurs sont figées pendant qu’une voiture charge",
  meterUnheard: "compteur {meter} : encore aucune nouvelle",
  meterStale: "compteur {meter} : aucune bonne valeur depuis {seconds} s",
  fallback:
    "zone {zone}, L{phase} : laissées à elles-mêmes, ses bornes garderaient {alone} ; avec la charge actuelle de {load}, cela dépasse {limit}",
  failSafe: "zone {zone} : mode sûr à {current} par prise à cause du compteur {meter}",
  nothingAssumed:
    "aucune voiture ne commence, car aucune autre charge n’est supposée et aucun jour entier n’a été observé",
  noRoom: "aucune voiture ne commence, car à côté de la charge supposée de {load} il n’y a pas de place pour toutes",
  roomForAll:
    "des voitures peuvent commencer, car à côté de la charge supposée de {load} il y a de la place pour toutes",
  away: "la prise {id} n’est pas connectée ; {current} lui restent réservés",
  draws: "la prise {id} prend {current} depuis {seconds} s pour une limite de {limit}",
  writes: "la prise {id} a reçu {count} profils de charge ces dernières 24 heures",
  keptOne:
    "la prise {id} devait alimenter sa voiture sur trois phases et reste sur une ; elle n’est plus changée avant le départ de la voiture",
  keptThree:
    "la prise {id} devait alimenter sa voiture sur une phase et reste sur trois ; elle n’est plus changée avant le départ de la voiture",
  rotation:
    "la prise {id} prend du courant sur L{phase} alors que sa rotation est réglée sur {rotation} ; elle compte sur chaque phase jusqu’à correction",
  outOfService: "la prise {id} a été mise hors service ; {current} lui sont réservés",
  drew: "la prise {id} a pris plus que sa limite, quoi qu’on ait essayé ; {current} lui sont réservés",
  drawsAnyway: "la prise {id} prend {draw} quelle que soit sa limite ; {current} lui sont réservés",
  refuses: "la prise {id} refuse les limites ou n’y répond pas ; {current} lui sont réservés",
  breaker:
    "L{phase} de la zone {zone} : {measured} mesurés, limite {limit}, et il n’y a plus rien à baisser ; la prise {connector} prend trop",
  breakerOpen: "le disjoncteur de la zone {zone} est ouvert ; sans courant : {ids}",
  zoneTree: "zones refusées : {why}",
  control: "échec du cycle de réglage : {why}",
  chargePointOffline: "la borne {id} n’est pas connectée",
  identityConflict: "une seconde borne prétend être {id}",
  meterUnread: "le compteur {meter} n’a donné aucune bonne valeur depuis plus de 30 s",
  certificateEnds: "le certificat de {id} expire dans {days} {days|jour|jours} et n’a pas été renouvelé",
  certificateOver: "le certificat de {id} a expiré",
  copy: "la copie quotidienne de la base de données a échoué : {why}",
  recovered:
    "la base de données était endommagée ; la copie du {time} a pris sa place, ce qui suivait manque. Le fichier endommagé est {path}",
  begunAnew:
    "la base de données était vide et il n’y en a pas de copie : enregistrements, badges et sessions recommencent à zéro",
  ofStation: "borne {id} : {fault}",
  ofConnector: "prise {id} : {fault}",
  likely: "Cause probable : {cause}",
  clockBehind: "l’horloge de la borne {id} retarde de {off}",
  clockAhead: "l’horloge de la borne {id} avance de {off}",
  store: "la base de données du site est inutilisable : {why}",
  limitedTo: "la zone {zone} est limitée à {limit} de l’extérieur ({source})",
  noStarts: "aucun nouveau départ dans la zone {zone}, à la demande de l’extérieur ({source})",
  limited: "la zone {zone} est limitée de l’extérieur ({source})",
  upstreamRefused: "le back-end {name} a refusé {count} {count|charge|charges} : {why}",
  upstreamWaits:
    "back-end {name} : {waiting} {waiting|message sur des charges attend|messages sur des charges attendent}, le plus ancien depuis {since}",
  drill: "un exercice est en cours : {what} ; il se termine à {time} au plus tard",
  test: "ceci est un essai des messages d’alarme",
  testAction: "Rien à faire : elle prend fin d’elle-même.",
  many: "{count} {count|alarme|alarmes} à la fois : {first}, et d’autres",
  more: "et {count} de plus",
  over: "Tout est rentré dans l’ordre : {kind}",
};

export const action = {
  meterStale:
    "Vérifiez l’alimentation du compteur, sa liaison et son adresse. La charge continue au plus au courant du mode sûr jusqu’à ce qu’il réponde ; une voiture qui attend ne commence que si la charge supposée laisse de la place pour toutes.",
  meterFrozen: "Le compteur répond, mais ses valeurs sont figées. Redémarrez le compteur ou sa passerelle.",
  meterWrong:
    "Le compteur répond, mais ne suit pas les bornes placées derrière lui. La charge continue au plus au courant du mode sûr jusqu’à ce que quelques départs ou arrêts de voitures s’y voient comme il faut.",
  failSafe: "Rien à faire ici : la zone se rétablit d’elle-même dès que son compteur redonne de bonnes valeurs.",
  chargerOffline:
    "Vérifiez l’alimentation et le réseau de la borne. Du courant lui reste réservé ; si elle est partie pour de bon, envoyez un message clear pour elle.",
  notControllable:
    "Vérifiez les réglages de charge intelligente (smart charging) de la borne : elle refuse les limites ou n’y répond pas. Ce qu’elle peut prendre est réservé et manque aux autres.",
  nonCompliant:
    "Vérifiez les réglages de charge intelligente (smart charging) de la borne et sa rotation de phases. Ce qu’elle prend est réservé et manque aux autres.",
  breakerOver:
    "Le disjoncteur peut déclencher. La borne qui prend trop est arrêtée, puis mise hors service ; coupez-la à la main si elle continue.",
  breakerOpen:
    "Trouvez pourquoi le disjoncteur s’est ouvert avant de le refermer. Ses bornes sont sans courant ; leur part va aux autres entre-temps.",
  fallbackOver:
    "Si cette machine tombait en panne maintenant, le disjoncteur pourrait déclencher. Donnez des courants sûrs plus faibles aux bornes de la zone, ou à la zone la charge supposée qu’elle a vraiment, et déployez.",
  outOfService:
    "Elle prenait trop pour le disjoncteur et ne suivait pas ses limites. Une fois le défaut corrigé, remettez-la en service avec ev-command : ChangeAvailability avec le type Operative.",
  phasesMistaken:
    "Comparez la rotation de phases réglée ici pour la borne avec son câblage. Elle compte sur les trois phases jusqu’à ce que la rotation soit corrigée et déployée.",
  phasesKept:
    "Vérifiez si la borne sait changer de phases, et comment il faut le lui dire : pendant une pause, ou par une clé à elle (ses valeurs switchesPhases, phaseSwitch et phaseKey). Certaines voitures restent sur les phases de leur départ.",
  manyWrites:
    "Certaines bornes écrivent chaque profil dans une mémoire qui s’use. Augmentez minIncreaseS, et leaseS avec refreshS, de ev-charging-profile, ou cycleS de ev-dlm ; une borne connue pour cela peut recevoir le modèle generic-flash.",
  guard:
    "Des bornes ont été ramenées à des courants sûrs. Vérifiez compteurs, câblage et rotation de phases, et signalez-le avec le journal.",
  zoneTree:
    "Corrigez les zones nommées sur le nœud et déployez à nouveau. Le dernier arbre valide reste en vigueur d’ici là.",
  control:
    "Le cycle de réglage a échoué. Redémarrez le flux et signalez-le avec le journal ; les bornes gardent leurs derniers courants sûrs, puis passent au courant du mode sûr.",
  chargePointOffline:
    "Vérifiez l’alimentation de la borne, son réseau et l’adresse du système central qu’elle appelle.",
  chargerFault: "Cherchez le code dans le manuel de la borne.",
  identityConflict:
    "Deux bornes utilisent la même identité, ou quelqu’un se fait passer pour l’une d’elles. Donnez à chacune une identité et un mot de passe propres.",
  meterUnread: "Vérifiez l’alimentation du compteur, sa liaison et son adresse. La gestion de charge n’en dépend pas.",
  clock:
    "Corrigez le serveur de temps ou le fuseau horaire de la borne : d’ici là, ses sessions sont datées à notre heure.",
  store:
    "Examinez le disque : place, droits, défauts. La charge continue ; les débuts et fins de session ne sont confirmés que s’ils peuvent être conservés.",
  certificateEnds:
    "Voyez dans le dialogue du serveur OCPP, sous Certificats, pourquoi il n’a pas été renouvelé, et appuyez sur Renouveler.",
  copy: "Examinez le disque : place et droits du dossier `copies` à côté de la base de données. Nouvel essai toutes les dix minutes.",
  recovered:
    "Vérifiez le disque avant qu’il ne lâche de nouveau. Les sessions et badges postérieurs à la copie manquent, ou tous s’il n’y en avait pas ; le fichier endommagé ou une sauvegarde les contient peut-être encore.",
  upstreamRefused:
    "Regarder dans les livres des sessions quelles charges sont concernées et pourquoi. Corriger la cause, chez le back-end ou ici, et les transmettre à nouveau.",
  upstreamWaits:
    "Vérifier l’adresse, le mot de passe et le certificat du back-end, et s’il fonctionne. Rien n’est perdu : ce qui attend est envoyé dès qu’il l’accepte.",
  limit: "Rien à faire : la limite prend fin d’elle-même ou quand elle est levée.",
  drill: "Rien à faire : il se termine de lui-même et tout est rétabli. Qui l’a lancé peut l’arrêter tout de suite.",
};

export const kind = {
  meterStale: "compteurs sans valeurs",
  meterFrozen: "compteurs figés",
  meterWrong: "compteurs qui ne suivent pas les bornes",
  failSafe: "zones en mode sûr",
  chargerOffline: "prises non connectées",
  notControllable: "prises qui n’acceptent pas de limites",
  nonCompliant: "prises qui ne respectent pas leur limite",
  breakerOver: "disjoncteurs au-dessus de leur limite",
  breakerOpen: "disjoncteurs ouverts",
  fallbackOver: "zones dont les bornes ne tiendraient pas seules",
  outOfService: "prises mises hors service",
  phasesMistaken: "prises sur d’autres phases que réglé",
  phasesKept: "prises qui gardent leurs phases",
  manyWrites: "prises aux écritures nombreuses",
  guard: "limites corrigées par le gardien",
  zoneTree: "zones refusées",
  control: "échecs du cycle de réglage",
  chargePointOffline: "bornes non connectées",
  chargerFault: "défauts de bornes",
  identityConflict: "identités utilisées deux fois",
  meterUnread: "autres compteurs sans valeurs",
  clock: "horloges fausses",
  store: "base de données",
  certificateEnds: "certificats de bornes",
  copy: "copies quotidiennes",
  recovered: "base de données rétablie d’une copie",
  upstreamRefused: "back-ends qui ont refusé des charges",
  upstreamWaits: "back-ends avec des messages en attente",
  limit: "limites extérieures",
  drill: "exercices",
};

export const mail = {
  resolved: "résolu",
  seen: "vu",
  alarm: "alarme",
  warning: "avertissement",
  info: "information",
  where: "Où : {place}",
  since: "Depuis : {time}",
  resolvedAt: "Résolu : {time}",
  seenBy: "Vu par {by} : {comment}",
  noComment: "sans commentaire",
  action: "Que faire : {action}",
  flapping: "Cette alarme va et vient ; elle est signalée une fois, puis après cinq minutes de calme.",
};
