import { strict as assert } from "node:assert";
import { escapeHtml, html, table } from "../lib/html.ts";

describe("HTML of a report", () => {
  it("shows every value as text", () => {
    const evil = `<script>"&'</script>`;
    const shown = "&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;";
    assert.equal(escapeHtml(evil), shown);
    assert.equal(html`<p title="${evil}">${evil}</p>`.text, `<p title="${shown}">${shown}</p>`);
    assert.equal(html`${{ a: evil }}`.text.includes("<"), false);
    assert.equal(html`${[evil, html`<b>${evil}</b>`]}`.text, `${shown}<b>${shown}</b>`);
  });

  it("shows what is not there as a dash", () => {
    assert.equal(html`${null}${undefined}${""}`.text, "–––");
    assert.equal(html`${0}${false}`.text, "0false");
  });

  it("has no control characters", () => assert.equal(escapeHtml("a\u0000b\u001bc\nd\te"), "a\ufffdb\ufffdc\nd\te"));

  it("says so where a table has no rows", () => {
    assert.equal(table(["A"], [], "None <here>.").text, '<p class="none">None &lt;here&gt;.</p>');
    assert.equal(
      table(["A"], [["<1>"]], "").text,
      "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>&lt;1&gt;</td></tr></tbody></table>",
    );
  });
});
