/** The dropdown of devices, filled from the runtime's list. */

interface ListedProfile {
  id: string;
  vendor: string;
  models: string[];
}

/** Fills `<select>` with the devices, grouped by vendor; what is chosen stays chosen, also before the list has come. */
export function fillProfiles(selector: string, chosen: string): void {
  const select = $(selector);
  select.empty().append($("<option>").val(chosen).text(chosen)).val(chosen);
  void $.getJSON("ev-charging/meter-profiles").then((profiles: ListedProfile[]) => {
    const known = profiles.some(({ id }) => id === chosen);
    select.empty();
    if (!known) select.append($("<option>").val(chosen).text(chosen));
    for (const vendor of [...new Set(profiles.map((profile) => profile.vendor))].sort()) {
      const group = $("<optgroup>").attr("label", vendor).appendTo(select);
      for (const { id, models } of profiles.filter((profile) => profile.vendor === vendor)) {
        group.append($("<option>").val(id).text(models.slice(0, 3).join(", ")));
      }
    }
    select.val(chosen);
  });
}
