import { Html } from "../../html.ts";

export const STYLE = new Html(`<style>
:root{color-scheme:light}*{box-sizing:border-box}
body{font:14px/1.45 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;color:#1c1f23;background:#fff;max-width:1000px;margin:2em auto;padding:0 1.2em}
h1{font-size:1.6em;margin:0 0 .2em}h2{font-size:1.2em;margin:1.8em 0 .5em;padding-bottom:.2em;border-bottom:2px solid #1c1f23}
h3{font-size:1em;margin:1.2em 0 .3em}.note{color:#555;margin:.2em 0 .6em}
.wide{overflow-x:auto;margin-bottom:1em}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:4px 10px 4px 0;border-top:1px solid #d5d8dc;overflow-wrap:break-word}
th{font-weight:600;border-top:none;color:#444;font-size:.88em;overflow-wrap:normal}td:last-child,th:last-child{padding-right:0}
.zone{white-space:nowrap}.line{display:block;min-width:6em}.none{color:#555}.right{color:#0a6b2d}.wrong{color:#b00020}.unsure{color:#8a5a00}
.tiles{display:flex;gap:1em;margin:1em 0}.tiles div{flex:1;border:1px solid #c3c8ce;border-radius:6px;padding:.6em .9em;color:#444}
.tiles b{display:block;font-size:1.5em;color:#1c1f23}
article{border:1px solid #c3c8ce;border-radius:6px;padding:.2em 1em .8em;margin:0 0 1em}
figure{margin:.8em 0 0}figcaption{color:#444;font-size:.88em}.curve{width:100%;display:block}
.curve path,.key path{fill:none;stroke-width:1.5}.curve .grid{stroke:#e1e4e8}.curve text{font-size:11px;fill:#555}
.keys{display:flex;gap:1.4em;font-size:.88em;color:#444}.key{width:30px;height:8px}
.lists{columns:2;column-gap:2.5em}.lists>div{break-inside:avoid}.lists h3{margin-top:0}
.steps{list-style:none;margin:0 0 1.2em;padding:0}.steps li{padding-left:1.6em;text-indent:-1.6em}.steps i{display:inline-block;width:1.6em;text-indent:0;font-style:normal}
.steps .open{color:#8a5a00}.steps .ticked i,.steps .proven i{color:#0a6b2d}
.keysOf{columns:2;column-gap:2.5em;list-style:none;margin:0;padding:0;font-size:.88em}.keysOf li{overflow-wrap:anywhere;break-inside:avoid}.keysOf b{font-weight:600}
.photos{display:grid;grid-template-columns:repeat(3,1fr);gap:1em;break-inside:avoid}.photos div{border:1px dashed #8a9099;border-radius:6px;height:11em;padding:.4em .7em;color:#666;font-size:.88em}
.sign{break-inside:avoid}.fields{display:grid;grid-template-columns:1fr 1fr;gap:2.6em 2em;margin-top:2.6em}
.fields div{border-top:1px solid #1c1f23;padding-top:.2em;color:#444;font-size:.88em}.fields .signature{grid-column:1/3;margin-top:1em}
footer{margin-top:2.5em;border-top:1px solid #c3c8ce;color:#555;font-size:.88em}footer p{margin:.4em 0}code{font:0.92em ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
@media print{body{margin:0;padding:0;max-width:none;font-size:10.5px}h2,h3{break-after:avoid}tr,figure,.tiles{break-inside:avoid}.wide{overflow:visible}article{break-inside:avoid}thead{display:table-header-group}.photos div{height:14em}*{print-color-adjust:exact}}
</style>`);

/** A4, with the hash and the number of the page at the foot of each. @param sha256 hexadecimal */
export function sheet(sha256: string): Html {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError("a SHA-256 in hexadecimal is expected");
  return new Html(`<style>@page{size:A4;margin:14mm 14mm 18mm;
@bottom-left{content:"SHA-256 ${sha256}";font:7.5px ui-monospace,Consolas,monospace;color:#555}
@bottom-right{content:counter(page) " / " counter(pages);font:8px system-ui,sans-serif;color:#555}}</style>`);
}
