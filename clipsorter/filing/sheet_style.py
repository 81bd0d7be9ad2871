"""The look of a contact sheet: the window's two palettes, system fonts, justified rows without a script."""

# Rows: each figure is as wide as its picture's shape (--r) asks for and grows in proportion, so that pictures of one
# row share one height; the empty last child eats what is left of the last row.
STYLE = """
:root{color-scheme:light dark;--win:#f4f5f7;--base:#fff;--alt:#eef0f3;--text:#1d2026;--mid:#626975;--line:#d9dce1;
--row:10.5rem}
@media (prefers-color-scheme:dark){:root{--win:#1c1d20;--base:#232529;--alt:#2a2c31;--text:#e7e8ea;--mid:#9aa0ab;
--line:#34373d}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:4.2rem}
body{margin:0;background:var(--win);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",
"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
header,nav,main,footer{max-width:96rem;margin:0 auto;padding-left:1.5rem;padding-right:1.5rem}
header{padding-top:2.2rem;padding-bottom:.4rem}
h1{margin:0;font-size:1.75rem;line-height:1.25;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
header p{margin:.25rem 0 0;color:var(--mid)}
nav{position:sticky;top:0;z-index:1;display:flex;flex-wrap:nowrap;overflow-x:auto;scrollbar-width:thin;gap:.5rem;padding-top:.75rem;
padding-bottom:.75rem;background:var(--win)}
nav a{display:flex;flex:none;align-items:center;gap:.5rem;padding:.25rem .8rem;border:1px solid var(--line);
border-radius:99rem;background:var(--base);color:var(--text);text-decoration:none;font-size:.9rem;max-width:18rem;
white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
nav a:hover,nav a:focus-visible{border-color:var(--accent)}
.dot{flex:none;width:.65rem;height:.65rem;border-radius:50%;background:var(--accent)}
.count{color:var(--mid);font-weight:400;font-variant-numeric:tabular-nums;white-space:nowrap}
section{margin:.5rem 0 1.25rem;padding:1rem 1.1rem 1.2rem;background:var(--base);border:1px solid var(--line);
border-radius:.75rem;content-visibility:auto;contain-intrinsic-size:auto 40rem}
h2{display:flex;align-items:center;gap:.55rem;margin:0 0 .8rem;font-size:1.1rem;font-weight:600;
overflow-wrap:anywhere}
h2 .count{font-size:.9rem}
.wall{display:flex;flex-wrap:wrap;gap:.75rem}
.wall::after{content:"";flex:1000 1 0}
figure{flex:var(--r) 1 calc(var(--r)*var(--row));min-width:0;max-width:calc(var(--r)*var(--row)*1.6);margin:0}
figure img,.none{display:block;width:100%;aspect-ratio:var(--r);object-fit:cover;border-radius:.5rem;
background:var(--alt)}
.none{display:grid;place-items:center;color:var(--mid);font-size:.8rem}
figcaption{display:flex;justify-content:space-between;gap:.6rem;margin-top:.25rem;font-size:.76rem;color:var(--mid)}
figcaption span{min-width:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
figcaption b{font-weight:500;font-variant-numeric:tabular-nums}
.empty{margin:0;color:var(--mid)}
footer{padding-top:.25rem;padding-bottom:2rem;color:var(--mid);font-size:.8rem}
@media (max-width:40rem){:root{--row:6.5rem}header,nav,main,footer{padding-left:.75rem;padding-right:.75rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{:root{color-scheme:light;--win:#fff;--base:#fff;--alt:#eee;--text:#000;--mid:#444;--line:#bbb;--row:7rem}
nav{display:none}header{padding-top:0}header,main,footer{padding-left:0;padding-right:0}
section{content-visibility:visible;border:0;padding:0}h2{break-after:avoid}figure{break-inside:avoid}
.dot{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
