/** Words that configuration keys and fields with secrets have in their names. */
const SECRET = /AuthorizationKey|passw|passphrase|secret|\\u00/i;
const LOGIN = /(:(?:\\?\/){2})[^/"\s]*@/g;
const VALUE = /("value"\s*:\s*)"(?:[^"\\]|\\.)*"/g;
const FIELD = /("[^"\\]*(?:passw|passphrase|secret|AuthorizationKey)[^"\\]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** A frame as it may be shown or kept: without the passwords it sets or reports, or of an address to load from. */
export function redactFrame(text: string): string {
  const withoutLogin = text.includes("@") ? text.replace(LOGIN, "$1***@") : text;
  if (!SECRET.test(withoutLogin)) return withoutLogin;
  return withoutLogin.replace(VALUE, '$1"***"').replace(FIELD, '$1"***"');
}
