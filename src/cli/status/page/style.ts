/** Colours of the page by name, for a light and a dark background; tests compute their contrast */
export const colours = {
  light: {
    ...{ ground: '#f6f7f9', sheet: '#ffffff', text: '#16202e', quiet: '#51606f', line: '#d5dbe2', link: '#0b57b7' },
    ...{ well: '#13693a', warning: '#8a5300', down: '#b3261e', ok: '#2f9560', part: '#d97706', chart: '#3b7dc4' },
    ...{ 'well-ground': '#e2f3e8', 'warning-ground': '#fdf0d7', 'down-ground': '#fce4e2', 'off-ground': '#e8ecf0' },
    ...{ 'box-outside': '#fdf0d7', 'box-machines': '#dfeafa', 'box-part': '#e2f3e8' },
  },
  dark: {
    ...{ ground: '#0e141b', sheet: '#161e27', text: '#e4e9ef', quiet: '#a2b0be', line: '#303b47', link: '#8cbcf5' },
    ...{ well: '#7bd8a0', warning: '#f3c366', down: '#ff9d94', ok: '#4aa877', part: '#f3c366', chart: '#6aa7e8' },
    ...{ 'well-ground': '#14301f', 'warning-ground': '#36290f', 'down-ground': '#421c1a', 'off-ground': '#26303a' },
    ...{ 'box-outside': '#36290f', 'box-machines': '#1a2d45', 'box-part': '#14301f' },
  },
} as const;

const variables = (names: Readonly<Record<string, string>>): string =>
  Object.entries(names)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** The stylesheet of the page, which has no other and no style of an element's own */
export const style = `
:root{color-scheme:light dark;${variables(colours.light)}}
@media(prefers-color-scheme:dark){:root{${variables(colours.dark)}}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:76rem;margin:auto;padding:0 1rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--sheet);padding:.5rem;z-index:1}
header{padding-top:1.25rem;padding-bottom:.6rem;display:flex;flex-wrap:wrap;gap:0 1rem;align-items:baseline}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.1rem;margin:0 0 .6rem}
h3{font-size:1rem;margin:0}
p{margin:.25rem 0}
small,.quiet,.none,footer{color:var(--quiet);font-size:.87rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.5rem 0 1rem;padding:0}
nav a{display:inline-block;padding:.25rem 0}
section{background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:.9rem 1rem;margin:0 0 1rem}
#state{border-left:6px solid var(--well)}
#state.warning{border-left-color:var(--warning)}
#state.down{border-left-color:var(--down)}
#state ul{list-style:none;margin:0;padding:0}
#state li{padding:.35rem 0;border-top:1px solid var(--line);display:flex;gap:.75rem;align-items:baseline}
#state li>:last-child{flex:1}
.mark{display:inline-block;font-size:.8rem;font-weight:600;border-radius:4px;padding:0 .45rem;white-space:nowrap}
.mark.well{color:var(--well);background:var(--well-ground)}
.mark.warning{color:var(--warning);background:var(--warning-ground)}
.mark.down{color:var(--down);background:var(--down-ground)}
.mark.off,.mark.unknown{color:var(--text);background:var(--off-ground)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1.25rem}
.card{min-width:0}
.card+.card{border:0}
.sites{display:grid;grid-template-columns:1fr;gap:.5rem;margin:.6rem 0 0}
.sites dt{display:flex;justify-content:space-between;gap:.75rem;font-size:.87rem}
.sites dd{margin:0}
.figure{white-space:nowrap;font-variant-numeric:tabular-nums}
.chart{display:block;width:100%;height:1.25rem}
td .chart{min-width:6rem;height:1.1rem}
.ok{fill:var(--ok)}.part{fill:var(--part)}.fail{fill:var(--down)}.gap{fill:var(--line)}
.area{fill:var(--chart)}
table{border-collapse:collapse;width:100%;font-size:.93rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:.87rem;padding:.1rem 0 .3rem}
table+table{margin-top:1rem}
th{text-align:left;font-size:.82rem;color:var(--quiet);font-weight:600;padding:.2rem .75rem .2rem 0;white-space:nowrap}
td{min-width:4.5rem;padding:.35rem .75rem .35rem 0;border-top:1px solid var(--line);vertical-align:top}
td:first-child{min-width:11rem}
summary{cursor:pointer;padding:.25rem 0}
summary h2{display:inline}
details[open]>summary{margin-bottom:.5rem}
.scroll{overflow-x:auto}
.picture svg{height:auto;max-width:none;min-width:40rem;width:100%}
.picture text{font-family:Helvetica,Arial,sans-serif;font-size:11px;fill:var(--text)}
.picture .edge text{font-size:10px}
.picture path{stroke:var(--quiet);fill:none}
.picture polygon{stroke:var(--quiet);fill:none}
.picture .graph>polygon{stroke:none}
.picture .edge polygon{fill:var(--quiet)}
.picture [fill="#fef3c7"]{fill:var(--box-outside)}
.picture [fill="#dbeafe"]{fill:var(--box-machines)}
.picture [fill="#dcfce7"]{fill:var(--box-part)}
footer{padding-bottom:2rem}
@media(max-width:60rem){
header,main,footer{padding-left:.6rem;padding-right:.6rem}
section{padding:.8rem}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
table,caption,tbody,tr,td{display:block}
tr{border-top:1px solid var(--line);padding:.5rem 0}
td{border:0;min-width:0;padding:.1rem 0;display:grid;grid-template-columns:7rem minmax(0,1fr);gap:.5rem}
td::before{content:attr(data-head);color:var(--quiet);font-size:.87rem}
td:first-child{display:block;font-weight:600;min-width:0}
td:first-child small{font-weight:400}
td:first-child::before{content:none}
td:empty{display:none}
nav a{padding:.4rem 0}
}
@media(max-width:30rem){body{font-size:16px}}
@media print{section{break-inside:avoid}nav,.skip{display:none}}
`.replace(/\n/g, '');
