/** Names of settings and fields that hold secrets, as makers write them. */

/** Anywhere in a name: AuthorizationKey, WifiPassword, SecretWord, APNPwd, WifiPSK, apiToken. */
const ANYWHERE = /passw|passphrase|passwd|secret|psk|pwd|credential|token|authorizationkey/;
/** A word of its own in a name. */
const WORDS = new Set(["pass", "pin", "pincode", "pinnumber", "puk", "accesscode", "unlockcode"]);
/** The whole of a name, or its end: SimPIN, privateKey, WPA_KEY. */
const ENDS = /(?:sim|apn|card|user|admin|installer|service|modem)pin(?:code|number)?$|(?<!public)key$/;
/** Names that end as those of secrets do and are none. */
const HARMLESS = new Set(["key", "unknownkey", "configurationkey", "masterpassgroupid", "supportedkey"]);

/** Part of every such name: most others are told by it at once. */
const SUSPECT = /pass|pwd|psk|pin|puk|secret|credential|token|key|code/i;

/** Whether the value of a setting or field of this name is a secret. */
export function isSecretName(name: string): boolean {
  if (!SUSPECT.test(name)) return false;
  if (name.length > LONGEST_NAME) return isSecretName(name.slice(0, LONGEST_NAME));
  const lower = name.toLowerCase();
  if (HARMLESS.has(lower)) return false;
  const bare = lower.replace(/[^a-z0-9]/g, "");
  return ANYWHERE.test(bare) || ENDS.test(bare) || wordsOf(name).some((word) => WORDS.has(word));
}

/** What is longer is no name; of it so much is looked at. */
const LONGEST_NAME = 200;

/** `SimPINCode` is sim, pin, code; `apn_pwd` is apn, pwd. */
function wordsOf(name: string): string[] {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return spaced.toLowerCase().split(/[^a-z0-9]/);
}
