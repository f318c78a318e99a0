import type { AuthorizationRule } from "../session/badges/authorize.ts";
import type { Language } from "./types.ts";

/** What is said of a badge beside the rule that decided. */
type Aside =
  | "badge"
  | "noBadge"
  | "takenFor"
  | "otherOrder"
  | "chargesAt"
  | "flowSilent"
  | "wouldReverse"
  | "standsFor"
  | "adminBadge"
  | "ends";

/** Why a badge was let in or refused, by the rule that decided; `{name}` is the badge and whose it is. */
export type AuthorizationWords = Readonly<Record<AuthorizationRule | Aside, string>>;

const ENGLISH: AuthorizationWords = {
  open: "{name} may charge: anyone may here",
  listed: "{name} may charge: the list has it",
  unknown: "{name} is not in the list of badges",
  blocked: "{name} is blocked in the list of badges",
  expired: "{name} was valid until {time}",
  admin: "{name} is an admin badge: it ends charges and cannot charge",
  elsewhere: "{name} may charge in other places only",
  concurrent: "{name} already charges",
  chargesAt: "{name} already charges at {place}",
  remote: "{name} may charge: the charge was started from here",
  flow: "a flow answered {status} for {name}",
  learnt: "{name} was added to the list by learn mode",
  notServed: "{name}: the charge point is not in service",
  badge: "badge {idTag}",
  adminBadge: "admin badge {idTag}",
  noBadge: "no badge",
  takenFor: "taken for {idTag}",
  otherOrder: "taken for {idTag} (other byte order)",
  flowSilent: "no flow answered within 3 s; {text}",
  wouldReverse: "{text}; it has it with its bytes in the other order, which does not count here",
  standsFor: "{text}, nor is {idTag}, which stands for it",
  ends: "{name} ends transaction {transaction} of {place}: {outcome}",
};

const GERMAN: AuthorizationWords = {
  open: "{name} darf laden: Hier darf jeder",
  listed: "{name} darf laden: Die Liste enthält es",
  unknown: "{name} steht nicht in der Badge-Liste",
  blocked: "{name} ist in der Badge-Liste gesperrt",
  expired: "{name} galt bis {time}",
  admin: "{name} ist ein Admin-Badge: Es beendet Ladevorgänge und kann nicht laden",
  elsewhere: "{name} darf nur an anderen Stellen laden",
  concurrent: "{name} lädt bereits",
  chargesAt: "{name} lädt bereits an {place}",
  remote: "{name} darf laden: Der Ladevorgang wurde von hier gestartet",
  flow: "ein Flow antwortete {status} für {name}",
  learnt: "{name} wurde durch das Anlernen in die Liste aufgenommen",
  notServed: "{name}: Die Ladestation ist nicht in Betrieb",
  badge: "Badge {idTag}",
  adminBadge: "Admin-Badge {idTag}",
  noBadge: "kein Badge",
  takenFor: "gilt als {idTag}",
  otherOrder: "gilt als {idTag} (umgekehrte Byte-Reihenfolge)",
  flowSilent: "kein Flow antwortete binnen 3 s; {text}",
  wouldReverse: "{text}; sie enthält es mit umgekehrter Byte-Reihenfolge, die hier nicht zählt",
  standsFor: "{text}, und auch {idTag} nicht, das dafür steht",
  ends: "{name} beendet Transaktion {transaction} an {place}: {outcome}",
};

const FRENCH: AuthorizationWords = {
  open: "{name} peut charger : ici, tout le monde le peut",
  listed: "{name} peut charger : la liste le contient",
  unknown: "{name} n’est pas dans la liste de badges",
  blocked: "{name} est bloqué dans la liste de badges",
  expired: "{name} était valable jusqu’au {time}",
  admin: "{name} est un badge administrateur : il arrête les charges et ne peut pas charger",
  elsewhere: "{name} ne peut charger qu’ailleurs",
  concurrent: "{name} charge déjà",
  chargesAt: "{name} charge déjà à {place}",
  remote: "{name} peut charger : la charge a été lancée d’ici",
  flow: "un flux a répondu {status} pour {name}",
  learnt: "{name} a été ajouté à la liste par l’apprentissage",
  notServed: "{name} : la borne n’est pas en service",
  badge: "badge {idTag}",
  adminBadge: "badge administrateur {idTag}",
  noBadge: "aucun badge",
  takenFor: "pris pour {idTag}",
  otherOrder: "pris pour {idTag} (autre ordre des octets)",
  flowSilent: "aucun flux n’a répondu en 3 s ; {text}",
  wouldReverse: "{text} ; elle le contient avec ses octets dans l’autre ordre, qui ne compte pas ici",
  standsFor: "{text}, ni {idTag}, qui le remplace",
  ends: "{name} arrête la transaction {transaction} de {place} : {outcome}",
};

/** Why badges were let in or refused, by language. */
export const AUTHORIZATION_WORDS: Readonly<Record<Language, AuthorizationWords>> = {
  "en-US": ENGLISH,
  de: GERMAN,
  fr: FRENCH,
};
