/** Told to the browser once the sidebar has been given its height. */
const GIVEN = "ev-charging-sidebar-height";
/** Of the whole sidebar, for the diagram of a site with its chargers. */
const SHARE = 0.65;

/**
 * Node-RED 5 shows two tabs above each other and gives the upper one 300 px, too little for a site. The first time the sidebar is shown
 * in a browser it gets two thirds; from then on it is as people drag it. Node-RED 4.1 shows one tab at a time.
 */
export function giveHeight(content: HTMLElement): void {
  const section = content.closest<HTMLElement>(".red-ui-sidebar-section-top");
  const sidebar = section?.parentElement;
  if (!section || !sidebar || localStorage.getItem(GIVEN)) return;
  const wantedPx = Math.round(sidebar.clientHeight * SHARE);
  // Alone it has all of it.
  const isShared = section.offsetHeight > 0 && section.offsetHeight < sidebar.clientHeight * 0.9;
  if (!isShared || wantedPx === 0) return;
  localStorage.setItem(GIVEN, "yes");
  if (section.offsetHeight >= wantedPx) return;
  $(section).outerHeight(wantedPx);
  RED.events.emit("sidebar:resize");
}
