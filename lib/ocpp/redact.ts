/** Words that configuration keys and fields with secrets have in their names. */
const SECRET = /AuthorizationKey|passw|passphrase|secret|\\u00/i;
const LOGIN = /(:(?:\\?\/){2})[^/"\s]*@/g;
const VALUE = /("value"\s*:\s*)"(?:[^"\\]|\\.)*"/g;
const FIELD = /("[^"\\]*(?:passw|passphrase|secret|AuthorizationKey)[^"\\]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;
/** The part of an address of ours that nobody may guess, for files. */
const TOKEN = /(\/ev-files\\?\/)[A-Za-z0-9_-]{16,}/g;

/** A frame as it may be shown or kept: without the passwords it sets or reports, or of an address to load from or to. */
export function redactFrame(text: string): string {
  const withoutLogin = text.includes("@") ? text.replace(LOGIN, "$1***@") : text;
  const withoutToken = withoutLogin.includes("/ev-files") ? withoutLogin.replace(TOKEN, "$1***") : withoutLogin;
  if (!SECRET.test(withoutToken)) return withoutToken;
  return withoutToken.replace(VALUE, '$1"***"').replace(FIELD, '$1"***"');
}
