"use strict";(()=>{var co=Object.defineProperty;var ao=(t,e,n)=>e in t?co(t,e,{enumerable:!0,configurable:!0,writable:!0,value:n}):t[e]=n;var $=(t,e,n)=>ao(t,typeof e!="symbol"?e+"":e,n);var lo="http://www.w3.org/2000/svg";function E(t,e){let n=document.getElementById(t);if(!(n instanceof e))throw new Error(
`the page has no ${e.name} called ${t}`);return n}function x(t,e="",n=null){let o=document.createElement(t);return e&&(o.
className=e),n!==null&&(o.textContent=n),o}function F(t,e,n=""){let o=x("button",n,t);return o.type="button",o.addEventListener(
"click",e),o}function B(t,e){let n=x("option","",e);return n.value=t,n}function tt(t,[e,n],o,r=""){let s=re("svg",{viewBox:t,
width:e,height:n,"aria-hidden":"true"});return r&&s.setAttribute("class",r),s.append(...o.map(([i,c])=>re(i,c))),s}function re(t,e){
let n=document.createElementNS(lo,t);for(let[o,r]of Object.entries(e))n.setAttribute(o,String(r));return n}function H(t){
return t.toLocaleString("en")}function se(t){let{layers:e,words:n}=t,o=Array.from(document.querySelectorAll("#outcomes input")),r=E("rule",HTMLSelectElement),
s=E("topic",HTMLSelectElement),i=E("borderline",HTMLInputElement),c=E("town",HTMLSelectElement);function l(){return o.filter(
h=>!h.checked).map(h=>h.value)}function f(h){let g=[r.value,s.value,i.checked?i.id:""].filter(Boolean);h.hidden=fo(h,new Set(
l())),h.mask=uo(h,{rule:r.value,topics:g,town:c.value}),h.counted=ho(h,t),h.left=h.counted.reduce((p,y)=>p+y,0)}function a(){
for(let h of e){f(h);for(let g of t.shares())g.restyle(h),g.mask(h)}t.tree.refresh(),t.table.refresh(),u(),t.noted()}function u(){
let h=e.filter(b=>b.on&&b.tabled&&b.categories.some(({outcome:M})=>M)),g=h.reduce((b,M)=>b+M.left,0),p=h.reduce((b,M)=>b+
M.facts.size,0),y=n.tally.replace("{count}",H(g)).replace("{total}",H(p));E("tally",HTMLElement).textContent=e.length?h.
length?y:"":n.no_layers}function d(){if(r.value){for(let h of e.filter(g=>g.rules.length))et(h,h.rules.includes(r.value),
t);t.table.open(e.find(({on:h,tabled:g,rules:p,facts:y})=>h&&g&&(p.includes(r.value)||y.rule)))}a()}function m(){e.filter(
({id:h})=>h===`line.${s.value}`).forEach(h=>et(h,!0,t)),a()}return o.forEach(h=>h.addEventListener("change",a)),r.addEventListener(
"change",d),s.addEventListener("change",m),i.addEventListener("change",a),c.addEventListener("change",a),{narrow:a,recount:f,
tally:u,refused:l,rule:()=>r.value,topic:()=>s.value,borderline:()=>i.checked,town:()=>c.value,set:h=>{var p,y,b,M;let g=((p=
h.get("hide"))!=null?p:"").split(",");for(let T of o)T.checked=!g.includes(T.value);zt(r,(y=h.get("rule"))!=null?y:""),zt(
s,(b=h.get("line"))!=null?b:""),zt(c,(M=h.get("town"))!=null?M:""),i.checked=h.has("borderline"),a()}}}function et(t,e,n){
e!==t.on&&(n.turn(t,e),e&&n.tree.reveal(t))}function zt(t,e){t.value=e,t.selectedIndex<0&&(t.value="")}function fo({categories:t},e){
return new Set([...t.keys()].filter(n=>{var o;return e.has((o=t[n].outcome)!=null?o:"")}))}function uo({facts:t,rules:e},{
rule:n,topics:o,town:r}){var f;let s=t.topics&&o.length?t.topics(o):null,i=!t.topics&&n&&(t.rule||e.length),c=r&&t.town;
if(!i&&!s&&!c)return null;let l=new Uint8Array(t.size);for(let a=0;a<t.size;a+=1){let u=!i||(t.rule?t.rule.get(a)===n:e.
includes(n));l[a]=u&&(!s||s(a))&&(!c||((f=t.town)==null?void 0:f.get(a))===r)?1:0}return l}function ho(t,e){let n=t.categories.
map(()=>0);for(let o=0;o<t.facts.size;o+=1)e.seen(t,o)&&(n[t.facts.category[o]]+=1);return n}function ie(t,e,n){let{map:o,layers:r}=t,s=!0;function i(){var h,g,p;if(s||!o)return;let l=o.getCenter(),f=r.filter(y=>y.
on).map(({id:y})=>y),[a,u]=(g=(h=t.swipe)==null?void 0:h.chosen())!=null?g:[],d={at:`${o.getZoom().toFixed(2)}/${l.lat.toFixed(
5)}/${l.lng.toFixed(5)}`,...W("view",n.id()),on:f.join(","),...W("hide",e.refused().join(",")),...W("rule",e.rule()),...W(
"line",e.topic()),...W("borderline",e.borderline()&&"yes"),...W("town",e.town()),...W("table",(p=t.table.layer())==null?
void 0:p.id),...W("left",a),...W("right",u),...W("see",t.selected&&`${t.selected[0].id}.${t.selected[1]}`)},m=Object.entries(
d).map(([y,b])=>`${y}=${encodeURIComponent(b)}`);history.replaceState(null,"",`#${m.join("&")}`)}function c(){var g,p,y,
b;let l=location.hash.slice(1),f=po(l,t),a=ce(f?"":l),u=mo(a.get("at")),d=a.get("on");s=!0,n.chooseBy((g=a.get("view"))!=
null?g:l),d!==void 0&&r.forEach(M=>et(M,d.split(",").includes(M.id),t)),e.set(a),o&&u&&o.jumpTo(u),t.table.open((p=r.find(
({id:M,tabled:T})=>T&&M===a.get("table")))!=null?p:yo(t));let m=(y=f!=null?f:go(a.get("see"),t))!=null?y:n.featureAt(l);
m&&(t.fly(m),o&&u&&o.jumpTo(u));let h=[a.get("left"),a.get("right")].filter(M=>M!==void 0);h.length===2&&((b=t.swipe)==null||
b.open(h,!!(u||m))),s=!1,i()}return{write:i,follow:c}}function W(t,e){return e?{[t]:e}:{}}function ce(t){let e=new Map;for(let n of t.
split("&").filter(o=>o.includes("="))){let o=n.indexOf("=");try{e.set(n.slice(0,o),decodeURIComponent(n.slice(o+1)))}catch(r){}}
return e}function mo(t){let[e,n,o]=(t!=null?t:"").split("/").map(Number);return t&&Number.isFinite(e)&&Math.abs(n)<=85&&
Math.abs(o)<=180?{zoom:e,center:[o,n]}:null}function po(t,e){var o,r;let[[,n=""]=[]]=ce(`name=${t}`);for(let s of n?e.layers:
[]){let i=(r=(o=s.facts.anchors)==null?void 0:o.indexOf(n))!=null?r:-1;if(i>=0)return[s,i]}return null}function go(t,e){
var s;let[,n,o]=(s=/^(.+)\.(\d+)$/.exec(t!=null?t:""))!=null?s:[],r=e.layers.find(i=>i.id===n);return r&&Number(o)<r.facts.
size?[r,Number(o)]:null}function yo({table:t}){var o,r,s,i;let e=t.tabled.filter(c=>c.on),n=e.filter(c=>c.ranked||c.categories.
some(({outcome:l})=>l));return(i=(s=(r=(o=t.layer())!=null?o:n.find(c=>!c.of))!=null?r:n[0])!=null?s:e[0])!=null?i:t.tabled[0]}function gt(t){let e=0;return()=>{let n=0,o=1;for(;t[e]>127;e+=1)n+=(t[e]-128)*o,o*=128;return n+=t[e]*o,e+=1,n%2?-(n+1)/
2:n/2}}var wo=[[],[0,3],[1,0],[1,3],[2,1],[0,3,2,1],[2,0],[2,3],[3,2],[0,2],[1,0,3,2],[1,2],[3,1],[0,1],[3,0],[],[0,1,2,3],[3,0,
1,2]];function ae({width:t,height:e,value:n},o,r){let s=new Map;for(let c=0;c+1<e;c+=1)for(let l=0;l+1<t;l+=1){let f=c*t+
l,a=wo[bo(n,f,t)],u=[2*f,2*(f+1)+1,2*(f+t),2*f+1];for(let d=0;d<a.length;d+=2)s.set(u[a[d]],u[a[d+1]])}let i=[];for(;s.size;){
let[c]=s.keys(),l=[];for(let f=c,a=s.get(f);a!==void 0;f=a,a=s.get(f))l.push(Mo(f,{width:t,height:e,value:n},o,r)),s.delete(
f);i.push(l)}return xo(i)}function bo(t,e,n){let[o,r,s,i]=[t[e],t[e+1],t[e+n+1],t[e+n]],c=(o<=0?1:0)+(r<=0?2:0)+(s<=0?4:
0)+(i<=0?8:0);return(c===5||c===10)&&o+r+s+i<=0?c===5?16:17:c}function Mo(t,{width:e,value:n},o,r){let s=t>>1,i=t%2===1,
[c,l]=[s%e,Math.floor(s/e)],[f,a]=[n[s],n[s+(i?e:1)]],u=r(c,l,i),d=f/(f-a);if(u){let[m,h]=u;d=f<=0?m*(-f/o):1-(1-h)*(-a/
o)}return d=Math.min(Math.max(d,1e-4),1-1e-4),i?[c,l+d]:[c+d,l]}function xo(t){var r;let e=t.map(s=>({ring:s,area:Nt(s)})),
n=e.filter(({area:s})=>s>0).sort((s,i)=>s.area-i.area),o=n.map(({ring:s})=>[s]);for(let{ring:s}of e.filter(({area:i})=>i<
0)){let i=n.findIndex(c=>Eo(c.ring,s[0]));(r=o[i])==null||r.push(s)}return o}function Nt(t){let e=0;return t.forEach(([n,
o],r)=>{let[s,i]=t[(r+1)%t.length];e+=n*i-s*o}),e/2}function Eo(t,[e,n]){let o=!1;return t.forEach(([r,s],i)=>{let[c,l]=t[(i+
1)%t.length];s>n!=l>n&&e<r+(n-s)/(l-s)*(c-r)&&(o=!o)}),o}function yt({x0:t,y0:e,x1:n,y1:o,size:r},s,[i,c,l,f]){let a=Math.max(1,Math.ceil((l-i)/s)),u=Math.max(1,Math.ceil((f-c)/
s));function d(p,y){let[b,M]=t[p]<n[p]?[t[p],n[p]]:[n[p],t[p]],T=Math.max(0,Math.floor((b-i)/s)),C=Math.min(a-1,Math.floor(
(M-i)/s)),w=M>b?(o[p]-e[p])/(n[p]-t[p]):0;for(let A=T;A<=C;A+=1){let[O,k]=[e[p],o[p]];if(M>b){let N=Math.max(b,i+A*s),v=Math.
min(M,i+(A+1)*s);O=e[p]+w*(N-t[p]),k=e[p]+w*(v-t[p])}let R=Math.max(0,Math.floor((Math.min(O,k)-1e-6-c)/s)),z=Math.min(u-
1,Math.floor((Math.max(O,k)+1e-6-c)/s));for(let N=R;N<=z;N+=1)y(N*a+A)}}let m=new Int32Array(a*u+1);for(let p=0;p<r;p+=1)
d(p,y=>{m[y+1]+=1});for(let p=0;p<a*u;p+=1)m[p+1]+=m[p];let h=new Int32Array(m[a*u]),g=m.slice();for(let p=0;p<r;p+=1)d(
p,y=>{h[g[y]]=p,g[y]+=1});return{side:s,first:m,held:h,columns:a,rows:u,column:p=>Math.floor((p-i)/s),row:p=>Math.floor(
(p-c)/s)}}var Ao=1,Lo=1e-6;function fe(t,e,n){let o=t.filter(({lines:a})=>a.some(u=>vo(u,e))),r=o.flatMap(({lines:a})=>a.flatMap(u=>u.
slice(1).map((d,m)=>[u[m],d]))),s=a=>Float64Array.from(r,a),i={size:r.length,x0:s(([[a]])=>a),y0:s(([[,a]])=>a),x1:s(([,
[a]])=>a),y1:s(([,[,a]])=>a)},c=r.length?yt(i,n,e):null;function l(a,u,d,m){if(!c)return null;let{columns:h,rows:g,first:p,
held:y,column:b,row:M}=c,[T,C]=le(b(a),b(d),h),[w,A]=le(M(u),M(m),g),O=null;for(let k=w;k<=A;k+=1)for(let R=p[k*h+T];R<p[k*
h+C+1];R+=1){let z=f(a,u,d,m,y[R]);z!==null&&(O=O?[Math.min(O[0],z),Math.max(O[1],z)]:[z,z])}return O}function f(a,u,d,m,h){
let[g,p]=[d-a,m-u],[y,b]=[i.x1[h]-i.x0[h],i.y1[h]-i.y0[h]],[M,T]=[i.x0[h]-a,i.y0[h]-u],C=g*b-p*y;if(C===0)return null;let w=(M*
b-T*y)/C,A=(M*p-T*g)/C;return w>=0&&w<=1&&A>=0&&A<=1?w:null}return{crossed:(a,u,d)=>{let m=1-Ao/d.gap,h=m>0?l(a,u,a+m*(d.
x-a),u+m*(d.y-u)):null;return h!==null&&h[1]>Lo},between:(a,u,d,m)=>l(a,u,a+(m?0:d),u+(m?d:0)),wet:a=>{let u=new Uint8Array(
a.size);return o.filter(({land:d})=>d).forEach(({lines:d})=>To(d,a,u)),u}}}function le(t,e,n){let[o,r]=t<e?[t,e]:[e,t];return[
Math.max(0,o),Math.min(n-1,r)]}function vo(t,[e,n,o,r]){let[s,i]=[t.map(([f])=>f),t.map(([,f])=>f)],c=f=>f.reduce((a,u)=>Math.
min(a,u),1/0),l=f=>f.reduce((a,u)=>Math.max(a,u),-1/0);return c(s)<=o&&l(s)>=e&&c(i)<=r&&l(i)>=n}function To(t,{left:e,bottom:n,
width:o,height:r,cell:s},i){let c=Array.from({length:r},()=>[]);for(let l of t)for(let f=0;f+1<l.length;f+=1){let[[a,u],
[d,m]]=[l[f],l[f+1]],h=Math.max(0,Math.ceil(Math.min(u,m)/s)-n),g=Math.min(r,Math.ceil(Math.max(u,m)/s)-n);for(let p=h;p<
g;p+=1){let y=(n+p)*s;c[p].push(a+(y-u)/(m-u)*(d-a))}}c.forEach((l,f)=>{l.sort((a,u)=>a-u);for(let a=0;a+1<l.length;a+=2){
let u=Math.max(0,Math.ceil(l[a]/s)-e),d=Math.min(o,Math.floor(l[a+1]/s)-e+1);d>u&&i.fill(1,f*o+u,f*o+d)}})}var ko=64,Oo=50;function me(t,e,n){let{limits:o,minutes:r,cell:s,factor:i,longest:c}=n;if(!e.length)return[];let l=s*Math.
SQRT2*i,f=Io(t,e,i,Math.max(...o)+l),a=c+2*s,u=new Set(e.map(({edge:k})=>k)),{u:d,v:m}=t,h=de(t,k=>f[d[k]]<1/0||f[m[k]]<
1/0||u.has(k)),g=he($o(h),a),p=he(g,a),y=de(t,k=>Ro(t,k,p)),b=yt(y,Math.max(Oo,s),p),M=fe(t.barriers,p,b.side),T=Ho(g,s),
[C,w]=[new Float64Array(T.size).fill(1/0),new Float64Array(T.size).fill(1/0)],A=M.wet(T),O=Do(b,h,a);for(let k=0;k<T.size;k+=
1){let R=(T.left+k%T.width)*s,z=(T.bottom+Math.floor(k/T.width))*s;if(!A[k]&&O[b.row(z)*b.columns+b.column(R)]){let N=zo(
R,z,y,b,a,M);N&&(C[k]=N.gap*i+Po(t,f,e,i,N),w[k]=(N.gap-c)*i)}}return o.map((k,R)=>{let z=C.map((v,S)=>Math.min(Math.max(
v-k,w[S],-l),l)),N=ae({...T,value:z},l,(v,S,I)=>M.between((T.left+v)*s,(T.bottom+S)*s,s,I));return{minutes:r[R],...So(N,
T,s)}})}function So(t,{left:e,bottom:n},o){let r=t.map(s=>s.map(i=>i.map(([c,l])=>[(e+c)*o,(n+l)*o])));return{area:r.flat().
reduce((s,i)=>s+Nt(i),0),polygons:r}}function Io({x:t,u:e,v:n,along:o,against:r,length:s,arcs:i},c,l,f){let a=new Float64Array(
t.length).fill(1/0),u=[];function d(m,h){h<a[m]&&h<=f&&(a[m]=h,Co(u,{node:m,cost:h}))}for(let{edge:m,offset:h,access:g}of c){
let p=wt(h,s[m]);d(e[m],g*l+nt(o[m],p)),d(n[m],g*l+nt(r[m],1-p))}for(let m=ue(u);m;m=ue(u)){let{node:h,cost:g}=m;if(g===
a[h])for(let p=i.first[h];p<i.first[h+1];p+=1){let y=i.edge[p];n[y]===h&&d(e[y],g+o[y]),e[y]===h&&d(n[y],g+r[y])}}return a}
function Co(t,e){let n=t.length;for(t.push(e);n>0;){let o=n-1>>1;if(t[o].cost<=e.cost)break;t[n]=t[o],n=o}t[n]=e}function ue(t){
let[e]=t,n=t.pop();if(n&&t.length){let o=0;for(let r=1;r<t.length&&(r+1<t.length&&t[r+1].cost<t[r].cost&&(r+=1),!(t[r].cost>=
n.cost));r=2*o+1)t[o]=t[r],o=r;t[o]=n}return e}function nt(t,e){return e>0?t*e:0}function wt(t,e){return e>0?Math.min(Math.
max(t/e,0),1):0}function Po({u:t,v:e,along:n,against:o,length:r},s,i,c,{edge:l,share:f}){let a=Math.min(s[t[l]]+nt(o[l],
f),s[e[l]]+nt(n[l],1-f));for(let u of i)if(u.edge===l){let d=wt(u.offset,r[l])-f,m=d>=0?nt(n[l],d):nt(o[l],-d);a=Math.min(
a,u.access*c+m)}return a}function Ro({first:t,px:e,py:n},o,[r,s,i,c]){let[l,f,a,u]=[1/0,1/0,-1/0,-1/0];for(let d=t[o];d<
t[o+1];d+=1)l=Math.min(l,e[d]),a=Math.max(a,e[d]),f=Math.min(f,n[d]),u=Math.max(u,n[d]);return l<=i&&a>=r&&f<=c&&u>=s}function de({
u:t,first:e,px:n,py:o,at:r,length:s},i){let c=[],l=[];for(let a=0;a<t.length;a+=1)if(i(a))for(let u=e[a];u+1<e[a+1];u+=1)
c.push(u),l.push(a);let f=a=>Float64Array.from(c,a);return{size:c.length,x0:f(a=>n[a]),y0:f(a=>o[a]),x1:f(a=>n[a+1]),y1:f(
a=>o[a+1]),edge:Int32Array.from(l),from:f((a,u)=>wt(r[a],s[l[u]])),to:f((a,u)=>wt(r[a+1],s[l[u]]))}}function $o({x0:t,y0:e,
x1:n,y1:o,size:r}){let s=[1/0,1/0,-1/0,-1/0];for(let i=0;i<r;i+=1)s[0]=Math.min(s[0],t[i],n[i]),s[1]=Math.min(s[1],e[i],
o[i]),s[2]=Math.max(s[2],t[i],n[i]),s[3]=Math.max(s[3],e[i],o[i]);return s}function he([t,e,n,o],r){return[t-r,e-r,n+r,o+
r]}function Ho([t,e,n,o],r){let s=Math.ceil(t/r),i=Math.ceil(e/r),c=Math.floor(n/r)-s+1,l=Math.floor(o/r)-i+1;return{left:s,
bottom:i,width:c,height:l,size:c*l,cell:r}}function Do({columns:t,rows:e,column:n,row:o,side:r},{x0:s,y0:i,x1:c,y1:l,size:f},a){
let u=new Uint8Array(t*e),d=Math.ceil(a/r),m=new Uint8Array(t*e);for(let h=0;h<f;h+=1){let[g,p]=[n(Math.min(s[h],c[h])),
n(Math.max(s[h],c[h]))],[y,b]=[o(Math.min(i[h],l[h])),o(Math.max(i[h],l[h]))];for(let M=y;M<=b;M+=1)m.fill(1,M*t+g,M*t+p+
1)}return m.forEach((h,g)=>{if(h){let[p,y]=[g%t,Math.floor(g/t)];for(let b=Math.max(0,y-d);b<=Math.min(e-1,y+d);b+=1){let M=b*
t;u.fill(1,M+Math.max(0,p-d),M+Math.min(t-1,p+d)+1)}}}),u}function zo(t,e,n,o,r,s){let i=-1,c=r;pe(t,e,o,r,f=>{let a=ye(
t,e,n,f);return a<c&&(i=f,c=a),c});let l=i<0?null:we(t,e,n,i);return l&&s.crossed(t,e,l)?No(t,e,n,o,r,s):l}function No(t,e,n,o,r,s){
var l;let i=new Map;return pe(t,e,o,r,f=>{var u,d;let a=we(t,e,n,f);return a.gap<=r&&a.gap<((d=(u=i.get(a.edge))==null?void 0:
u.gap)!=null?d:1/0)&&i.set(a.edge,a),r}),(l=[...i.values()].sort((f,a)=>f.gap-a.gap).slice(0,ko).find(f=>!s.crossed(t,e,
f)))!=null?l:null}function pe(t,e,{column:n,row:o,columns:r,rows:s,side:i,first:c,held:l},f,a){let[u,d]=[n(t),o(e)],m=f;
for(let h=0;h===0||(h-1)*i<m;h+=1)for(let g=Math.max(0,d-h);g<=Math.min(s-1,d+h);g+=1){let p=Math.abs(g-d)===h;for(let y=u-
h;y<=u+h;y+=p||!h?1:2*h)if(y>=0&&y<r){let b=g*r+y;for(let M=c[b];M<c[b+1];M+=1)m=a(l[M])}}}function ge(t,e,{x0:n,y0:o,x1:r,
y1:s},i){let c=r[i]-n[i],l=s[i]-o[i],f=c*c+l*l,a=f>0?((t-n[i])*c+(e-o[i])*l)/f:0;return Math.min(Math.max(a,0),1)}function ye(t,e,n,o){
let{x0:r,y0:s,x1:i,y1:c}=n,l=ge(t,e,n,o),f=t-r[o]-l*(i[o]-r[o]),a=e-s[o]-l*(c[o]-s[o]);return Math.sqrt(f*f+a*a)}function we(t,e,n,o){
let{x0:r,y0:s,x1:i,y1:c,edge:l,from:f,to:a}=n,u=ge(t,e,n,o);return{edge:l[o],share:f[o]+u*(a[o]-f[o]),gap:ye(t,e,n,o),x:r[o]+
u*(i[o]-r[o]),y:s[o]+u*(c[o]-s[o])}}function be(t,e){let[n,o,r,s,i]=_(5,t),[c,l]=Uo(n,t,e),f=Int32Array.from(Me(_(o,t))),a=Int32Array.from(_(o,t),(b,M)=>f[M]+
b),u=_(o,t),d=_(o,t),m=_(o,t),h=_(o,t),g=Fo({x:c,y:l,u:f,v:a},h,t,e),p=new Float64Array(o),y=new Float64Array(o);for(let b=0;b<
o;b+=1){let M=d[b]*e+Math.round(g.length[b]/e)*e;p[b]=u[b]===2?1/0:M,y[b]=u[b]===1?1/0:M+m[b]*e}return{x:c,y:l,u:f,v:a,along:p,
against:y,...g,arcs:_o(n,f,a),ways:Bo(_(r,t),s,t,e),barriers:jo(i,t,e)}}function _(t,e){return Array.from({length:t},e)}
function Me(t){let e=0;return t.map(n=>(e+=n,e))}function Uo(t,e,n){let o=new Float64Array(t),r=new Float64Array(t),[s,i]=[
0,0];for(let c=0;c<t;c+=1)s+=e(),i+=e(),o[c]=s*n,r[c]=i*n;return[o,r]}function Fo({x:t,y:e,u:n,v:o},r,s,i){let c=new Int32Array(
r.length+1);r.forEach((m,h)=>{c[h+1]=c[h]+m+2});let l=c[r.length],[f,a,u]=[new Float64Array(l),new Float64Array(l),new Float64Array(
l)],d=new Float64Array(r.length);for(let m=0;m<r.length;m+=1){let[h,g]=[c[m],c[m+1]-1];[f[h],a[h],f[g],a[g]]=[t[n[m]],e[n[m]],
t[o[m]],e[o[m]]];for(let p=h+1;p<g;p+=1)f[p]=f[p-1]+s()*i,a[p]=a[p-1]+s()*i;for(let p=h+1;p<=g;p+=1)u[p]=u[p-1]+Math.hypot(
f[p]-f[p-1],a[p]-a[p-1]);d[m]=u[g]}return{first:c,px:f,py:a,at:u,length:d}}function _o(t,e,n){let o=new Int32Array(t+1);
for(let i of[e,n])for(let c of i)o[c+1]+=1;for(let i=0;i<t;i+=1)o[i+1]+=o[i];let r=new Int32Array(2*e.length),s=o.slice();
for(let i of[e,n])i.forEach((c,l)=>{r[s[c]]=l,s[c]+=1});return{first:o,edge:r}}function Bo(t,e,n,o){let r=Me(_(e,n)),s=_(
e,n),i=_(e,n),c=0;return t.map(l=>{let f=Array.from({length:l},(a,u)=>c+u);return c+=l,f.map(a=>({edge:r[a],offset:s[a]*
o,access:i[a]*o}))})}function jo(t,e,n){let o=_(t,e),r=_(t,e),s=_(r.reduce((f,a)=>f+a,0),e),[i,c,l]=[0,0,0];return r.map(
(f,a)=>({land:o[a]===1,lines:Array.from({length:f},()=>(l+=1,Array.from({length:s[l-1]},()=>(i+=e(),c+=e(),[i*n,c*n]))))}))}
function xe({middle:t,half:e,power:n,lon:o,lat:r},[s,i]){let c=(s-t[0])/e[0],l=(i-t[1])/e[1],f=[0,0],a=0;for(let u=0,d=1;u<=
n;u+=1,d*=c)for(let m=0,h=d;m<=n-u;m+=1,h*=l,a+=1)f[0]+=o[a]*h,f[1]+=r[a]*h;return f}function Wo(t){let e=t.endsWith("==")?2:t.endsWith("=")?1:0,n=new Uint8Array(t.length/4*3-e);for(let o=0,r=0;o<t.length;o+=
262144){let s=atob(t.slice(o,o+262144));for(let i=0;i<s.length;i+=1)n[r+i]=s.charCodeAt(i);r+=s.length}return n}var Ee=new Map;
function K(t){var r;let e=Ee.get(t);if(e)return e;let n=document.getElementById(t);if(n===null)throw new Error(`the page\
 holds no ${t}`);n.remove();let o=Wo(((r=n.textContent)!=null?r:"").trim());return n.dataset.shared&&Ee.set(t,o),o}function Ae(t){
return new Response(new Blob([t]).stream().pipeThrough(new DecompressionStream("gzip")))}async function it(t){return Ae(
t).arrayBuffer()}async function Ut(t){return Ae(K(t)).json()}var Vo=.005,Le=new Map,ve=new Map,ct=null;function bt(t,e,n,o){var i;let r=(i=e.network_of[o!=null?o:""])!=null?i:0,s=`${t}\
 ${r} ${n}`;return(ct==null?void 0:ct.key)!==s&&(ct={key:s,areas:qo(t,e,r,n)}),ct.areas}async function qo(t,e,n,o){let r=e.
networks[n],s=await Zo(t,e,n);return me(s,s.ways[o],r).map(({area:i,polygons:c},l)=>({row:l,area:i,coordinates:c.map(f=>f.
map(a=>[...a,a[0]].map(u=>xe(r.degrees,u))))}))}function Zo(t,{body:e,networks:n},o){var l,f;let r=`${t} ${o}`,s=(l=Le.get(
t))!=null?l:K(e);Le.set(t,s);let i=n.slice(0,o).reduce((a,u)=>a+u.bytes,0),c=(f=ve.get(r))!=null?f:it(s.subarray(i,i+n[o].
bytes)).then(a=>be(gt(new Uint8Array(a)),n[o].step));return ve.set(r,c),c}function Te(t,{times:e,digits:n,small:o,sign:r}){
let s=t*e,i=s<Vo?o:n;return new Intl.NumberFormat("en",{minimumFractionDigits:i,maximumFractionDigits:i}).format(s)+r}var Go=["boolean",["feature-state","off"],!1],Ko=["boolean",["feature-state","chosen"],!1],Se="#111111",Ie="#333333",lt=[
"line","line-2","line-3","line-4","line-5","line-6"],Yo=200;function Z(t,e){let n=t.categories.map(({look:r},s)=>e(r,s)),
o=n[n.length-1];return n.every(r=>r===o)?o:["match",["get","v"],...n.slice(0,-1).flatMap((r,s)=>[s,r]),o]}function Ce(t,e){
return Array.isArray(t)?["*",t,e]:t*e}function ke(t){return["case",Go,0,t]}function at(t,e){return["case",Ko,t,e]}function Mt(t){
return t.fill&&t.fill!=="none"?t.fill:null}function ft(t){let{strength:e}=t,n=Z(t,i=>i.stroke||Mt(i)||Ie),o=Z(t,i=>{var c;
return Mt(i)?(c=i.fill_opacity)!=null?c:1:0}),r=ke(e),s={"line-color":at(Se,n),"line-width":at(4,Z(t,i=>i.weight||0)),"l\
ine-opacity":r};return{fill:{"fill-color":Z(t,i=>Mt(i)||"rgba(0,0,0,0)"),"fill-opacity":ke(Ce(o,e)),"fill-antialias":!1},
hatch:{"fill-pattern":Z(t,(i,c)=>i.hatch?`hatch|${t.id}|${c}`:""),"fill-opacity":r},...Object.fromEntries(_t(t).map(({kind:i,
dash:c})=>[i,{...s,...c}])),dot:Xo(t,n,r),picture:{"raster-opacity":e},names:{"icon-opacity":r},ranks:{"icon-opacity":r}}}
function Xo(t,e,n){let o=Z(t,s=>s.size||2),r=Z(t,s=>s.ring||0);return{"circle-color":Z(t,s=>Mt(s)||s.stroke||Ie),"circle\
-radius":Jo(t.least_zoom,s=>at(7,Ce(o,s))),"circle-opacity":n,"circle-stroke-color":at(Se,e),"circle-stroke-width":at(2.5,
r),"circle-stroke-opacity":n}}function Jo(t,e){return t?["interpolate",["linear"],["zoom"],t,e(.6),t+2.5,e(1.3)]:e(1)}function ut(t){
let{categories:e,hidden:n}=t,o=[...e.keys()].filter(c=>!n.has(c)),r=o.length===e.length?!0:Ft(o),s=["==",["geometry-type"],
"Polygon"],i=["==",["geometry-type"],"Point"];return{fill:["all",s,r],hatch:["all",s,Ft(o.filter(c=>e[c].look.hatch))],...Object.
fromEntries(_t(t).map(({kind:c,of:l})=>[c,["all",["!=",["geometry-type"],"Point"],l.length===e.length?r:Ft(Qo(l,o))]])),
dot:["all",i,[">",["get","z"],["zoom"]],r],names:r,ranks:r}}function Qo(t,e){return t.filter(n=>e.includes(n))}function Ft(t){
return["in",["get","v"],["literal",t]]}function Pe(t){return t.categories.some(e=>e.outcome)}function Re(t){let e=ft(t);
if(t.shape.kind==="picture")return[{id:`${t.id}|picture`,type:"raster",source:t.id,paint:e.picture}];let n=ut(t),o=t.shape.
kind==="tiles",r=(u,d,m={})=>({id:`${t.id}|${u}`,type:d,source:t.id,...o?{"source-layer":u==="dot"?"o":"a"}:{},filter:n[u],
paint:e[u],minzoom:t.least_zoom,...m}),s=t.categories.some(({look:u})=>u.hatch),i=Pe(t)?{layout:{"circle-sort-key":["-",
0,["get","v"]]}}:{},c=r("fill","fill"),l=_t(t).map(({kind:u})=>r(u,"line",{layout:{"line-join":"round"}})),f=r("dot","ci\
rcle",i),{look:a}=t.categories[0];return a.point||a.line?a.point?[f]:l:[c,...s?[r("hatch","fill",{minzoom:10})]:[],...l,
f]}function _t({categories:t}){var n;let e=new Map;for(let[o,{look:r}]of t.entries()){let s=r.dash?Oe(r).join(" "):"";e.
set(s,[...(n=e.get(s))!=null?n:[],o])}return[...e.values()].map((o,r)=>{let{look:s}=t[o[0]];return{kind:lt[r],of:o,dash:s.
dash?{"line-dasharray":Oe(s)}:{}}})}function Oe({dash:t="",weight:e}){return t.split(" ").map(n=>Number(n)/Math.max(1,e||
1))}function $e(t){return{id:`${t.id}|names`,type:"symbol",source:`${t.id}|names`,filter:ut(t).names,paint:ft(t).names,minzoom:t.
facts.size>Yo?13:0,layout:{"icon-image":["concat",`name|${t.id}|`,["to-string",["get","i"]]],"icon-padding":3,...Pe(t)?{
"icon-anchor":"top","icon-offset":[0,5]}:{},"symbol-sort-key":["get","i"]}}}function He({facts:t,categories:e}){var o;let n=[];
for(let r=0;r<t.size;r+=1)(o=e[t.category[r]])!=null&&o.named&&t.name(r)&&n.push(r);return Ne(t,n)}function De(t){return{
id:`${t.id}|ranks`,type:"symbol",source:`${t.id}|ranks`,filter:ut(t).ranks,paint:ft(t).ranks,layout:{"icon-image":["conc\
at",`rank|${t.id}|`,["to-string",["get","i"]]],"icon-padding":-3,"symbol-sort-key":["get","i"]}}}function ze({facts:t}){
let e=[...t.category.keys()].filter(n=>{var o;return((o=t.ranks)==null?void 0:o[n])&&t.category[n]>=0});return Ne(t,e)}function Ne(t,e){
return{type:"geojson",data:{type:"FeatureCollection",features:e.map(o=>({type:"Feature",properties:{i:o,v:t.category[o]},
geometry:{type:"Point",coordinates:[t.lon[o],t.lat[o]]}}))},promoteId:"i"}}var xt=4,Et=10,tr="…",er=["pass","info"];function _e(t){let e=E("chosen",HTMLElement);function n([o]){t.choose(o),t.speak(
o),e.replaceChildren(je(o,t)),t.open(!0)}return{show:n,close:()=>e.replaceChildren()}}function Be(t){let{map:e}=t,n=null;
function o(i,c){s(),t.choose(i[0]),t.speak(i[0]),n=nr(t,c),r(i,0),rr(e,n),n.on("close",()=>{n=null,t.choose(null)})}function r(i,c){
let l=je(i[c],t),f=x("p","steps");if(i.length>1){let a=u=>{let d=(c+u+i.length)%i.length;r(i,d),t.choose(i[d])};f.append(
Ue(F("‹",()=>a(-1)),t.words.before),x("span","",`${c+1}/${i.length}`),Ue(F("›",()=>a(1)),t.words.after))}f.append(F(
t.words.nearer,()=>t.fly(i[c]))),l.append(f),n.setDOMContent(l),or(n,t.words.close)}function s(){n==null||n.remove()}return e.
on("click",i=>{if(t.busy())return;let c=sr(i.point,t);c.length?o(c,i.lngLat):s(),t.open(!1)}),document.addEventListener(
"keydown",i=>{i.key==="Escape"&&!t.busy()&&s()}),{show:o,close:s}}function Ue(t,e){return t.setAttribute("aria-label",e),
t}function nr({map:t},e){return new maplibregl.Popup({closeButton:!0,closeOnClick:!1,maxWidth:"none",focusAfterOpen:!1,locale:{}}).
setLngLat(e).setDOMContent(x("div")).addTo(t)}function or(t,e){let n=t.getElement().querySelector(".maplibregl-popup-clo\
se-button");n.title=e,n.setAttribute("aria-label",e)}function rr(t,e){let n=e.getElement().getBoundingClientRect(),o=t.getContainer().
getBoundingClientRect(),r=Math.min(0,n.left-o.left-Et)||Math.max(0,n.right-o.right+Et),s=Math.min(0,n.top-o.top-Et)||Math.
max(0,n.bottom-o.bottom+Et);(r||s)&&t.panBy([r,s],{animate:!1})}function sr({x:t,y:e},n){let o=n.mapAt(t),r=n.layers.filter(
a=>a.tabled).flatMap(a=>["ranks","fill",...lt,"dot"].map(u=>`${a.id}|${u}`)).filter(a=>o.getLayer(a)),s=[t-xt,e-xt],i=[t+
xt,e+xt],c=o.queryRenderedFeatures([t,e],{layers:r}),l=c.length?c:o.queryRenderedFeatures([s,i],{layers:r}),f=new Map;for(let{
source:a,properties:u}of l){let d=n.layers.find(({id:h})=>a===h||a===`${h}|ranks`),m=`${d==null?void 0:d.id}.${u.i}`;d&&
n.seen(d,u.i)&&!f.has(m)&&f.set(m,[d,u.i])}return[...f.values()]}function je([t,e],n){let{words:o}=n,r=t.categories[t.facts.
category[e]],s=x("div","popup");s.append(x("h3","",t.facts.name(e)||o.unnamed),x("p","kind",t.title+(t.rules.length===1?
` · ${t.rules[0]}`:""))),r.outcome?s.append(n.verdict(r.outcome,r.title)):r.title!==t.title&&s.append(x("p","",r.title)),
fr(s,[t,e],n),ar(s,[t,e],n);let i=ir([t,e],n);return s.append(i),cr(i,[t,e],n),s}function ir([{facts:t},e],{words:n,ruleTitle:o}){
let r=t.columns.slice(1).map(c=>[c.title,c.get(e)]);t.rule&&r.push([n.rule,o(t.rule.get(e))]),t.town&&r.push([n.town,t.town.
get(e)]);let s=x("table"),i=x("tbody");return i.append(...r.filter(([,c])=>c).map(([c,l])=>We(c,l))),s.append(i),s}function We(t,e){
let n=x("tr"),o=x("th","",t);return o.scope="row",n.append(o,x("td","",e)),n}function cr(t,[e,n],{layers:o,view:r}){for(let{
id:s,of:i,shape:c,categories:l}of o)if(i===e.id&&c.kind==="reached"){let f=l.map(({title:a})=>We(a,tr));t.tBodies[0].append(
...f),bt(s,c,n,r==null?void 0:r.id).then(a=>{f.forEach((u,d)=>{d<a.length?u.cells[1].textContent=Te(a[d].area,c.unit):u.
remove()})})}}function ar(t,[e,n],o){var r;for(let s of o.layers.filter(i=>i.of===e.id&&i.tabled)){let i=x("ul");(r=s.facts.
owner)==null||r.forEach((c,l)=>{c===n&&i.append(lr([s,l],o))}),i.children.length&&t.append(x("h4","",`${s.title} (${i.children.
length})`),i)}}function lr([t,e],n){let o=x("li"),r=t.facts.columns.slice(1,4).map(c=>c.get(e));o.append(F(r.filter(Boolean).
join(" · "),()=>n.fly([t,e])));let{outcome:s,title:i}=t.categories[t.facts.category[e]];return s&&o.append(n.verdict(s,
i)),o}function fr(t,[e,n],o){var c;let r=(c=e.facts.opinions)==null?void 0:c[n];if(!(r!=null&&r.length))return;let s=r.filter(
([,l,,f])=>f||!er.includes(l)),i=r.filter(l=>!s.includes(l));if(t.append(x("h4","",o.words.opinions),Fe(s.length?s:i,o)),
s.length&&i.length){let l=x("details"),f=x("summary","",o.words.other_opinions.replace("{count}",H(i.length)));l.append(
f,Fe(i,o)),t.append(l)}}function Fe(t,e){let n=x("ul","opinions");for(let[o,r,s,i]of t){let c=x("li");c.append(x("b","",
o),e.verdict(r,i)),c.append(...s.split(`
`).map(l=>x("div","",l))),n.append(c)}return n}function Ve({tables:t,columns:e,lists:n}){return t.map(o=>({...o,columns:o.columns.map(r=>e[r]),category:n[o.category],at:n[o.
at],zoom:n[o.zoom]}))}function qe(t,e,n=null){var f,a,u,d;let o=(f=t.forms)==null?void 0:f[n!=null?n:-1],{category:r}=o!=
null?o:t,s=r.length,c=(o?o.told.map(m=>t.columns[m]):t.columns).map(m=>hr(m,s,e)),l=new Intl.Collator(e,{numeric:!0});return{
size:s,columns:c,category:Int16Array.from(r),...dr(t),holding:m=>Mr(c,m.toLowerCase(),s),sorted:(m,h,g)=>xr(m,h,g,l),flown:m=>t.
zoom[m]/4,rule:t.rule?Bt(t.rule):null,town:t.town?Bt(t.town):null,ranks:(a=t.ranks)!=null?a:null,owner:t.owner?Int32Array.
from(t.owner):null,opinions:(u=t.opinions)!=null?u:null,topics:t.topics?ur(t.topics):null,anchors:(d=t.anchors)!=null?d:
null,name:m=>c.length?c[0].get(m):null}}function ur({list:t,numbers:e}){return n=>{let o=n.map(r=>t.indexOf(r));return r=>o.
every(s=>e[r].includes(s))}}function dr(t){let e=t.category.length,n=new Float64Array(e),o=new Float64Array(e),r=0,s=0;for(let i=0;i<
e;i+=1)r+=t.at[2*i],s+=t.at[2*i+1],n[i]=r/1e5,o[i]=s/1e5;return{lon:n,lat:o}}function hr(t,e,n){let o=mr(t,e,n),{absent:r}=t;
return r?{...o,get:s=>{var i;return(i=o.get(s))!=null?i:r}}:o}function mr(t,e,n){if("digits"in t){let r="steps"in t?pr(t.
steps):t.numbers;return gr({...t,numbers:r})}if("several"in t)return yr(t,n.startsWith("zh")?"、":", ");let o="list"in t?
Bt(t):wr(t.text,e);return{title:t.title,number:!1,value:o.get,...o}}function pr(t){let e=0;return t.map(n=>(e+=n!=null?n:
0,n===null?null:e))}function gr({title:t,digits:e,numbers:n}){let o=new Intl.NumberFormat("en",{minimumFractionDigits:e,
maximumFractionDigits:e}),r=s=>{let i=n[s];return i===null?null:o.format(i)};return{title:t,number:!0,value:s=>n[s],get:r,
mark:(s,i)=>{if(/^[\d.,-]+$/.test(s)){let c=s.replaceAll(",","");At(i,l=>{var f;return((f=r(l))!=null?f:"").replaceAll("\
,","").startsWith(c)})}}}}function yr({title:t,list:e,numbers:n},o){return{title:t,number:!1,value:r=>n[r].length,get:r=>n[r].
map(s=>e[s]).join(o)||null,mark:(r,s)=>{let i=e.map(c=>c.toLowerCase().includes(r));At(s,c=>n[c].some(l=>i[l]))}}}function Bt({
list:t,numbers:e}){let n=Int32Array.from(e);return{get:o=>n[o]<0?null:t[n[o]],mark:(o,r)=>{let s=t.map(i=>i.toLowerCase().
includes(o));s.includes(!0)&&At(r,i=>n[i]>=0&&s[n[i]])}}}function wr(t,e){let n=br(t,e),o=r=>t.slice(n[r],n[r+1]-1)||null;
return{get:o,mark:(r,s)=>{let i=t.toLowerCase();if(i.length!==t.length){At(s,l=>{var f;return((f=o(l))!=null?f:"").toLowerCase().
includes(r)});return}let c=0;for(let l=i.indexOf(r);l>=0;l=i.indexOf(r,n[c+1])){for(;n[c+1]<=l;)c+=1;l+r.length<n[c+1]&&
(s[c]=1)}}}}function br(t,e){let n=new Uint32Array(e+1),o=0;for(let r=0;r<e;r+=1){n[r]=o;let s=t.indexOf("",o);o=(s<0?t.
length:s)+1}return n[e]=o,n}function At(t,e){for(let n=0;n<t.length;n+=1)e(n)&&(t[n]=1)}function Mr(t,e,n){let o=new Uint8Array(
n);for(let r of t)r.mark(e,o);return o}function xr(t,e,n,o){let r=n?-1:1,s=t.map(i=>{var c;return{row:i,key:(c=e(i))!=null?
c:null}});return s.sort((i,c)=>i.key===c.key?i.row-c.row:i.key===null||c.key===null?i.key===null?1:-1:r*Er(i.key,c.key,o)||
i.row-c.row),s.map(({row:i})=>i)}function Er(t,e,n){return typeof t=="number"&&typeof e=="number"?t-e:n.compare(String(t),
String(e))}function Ze({forms:t,form_of:e,table:n,categories:o,picture:r},s){var l;let i=s===null?null:(l=e[s])!=null?l:null,c=i===
null?{categories:o,picture:r}:{picture:void 0,...t[i]};return{form:i,...c,facts:qe(n,document.documentElement.lang,i)}}function Ge(t,e,n){
let o=Ze({...t,table:e},n);return{...t,table:e,...o,on:t.shown,strength:1,hidden:new Set,mask:null,chosen:null,left:o.facts.
size,counted:o.categories.map(({count:r})=>r)}}function Ke(t,e){var n;return((n=t.form_of[e])!=null?n:t.form)===t.form?!1:
(Object.assign(t,Ze(t,e)),!0)}function Ye({form_of:t,table:e},n){let o=Object.entries(t).find(([,r])=>{var s,i;return((i=
(s=e.forms)==null?void 0:s[r].category[n])!=null?i:-1)>=0});return o==null?void 0:o[0]}function Xe(){throw new Error("this browser cannot inflate")}function ot(t,e){return(e>>>0)*4294967296+(t>>>0)}function Lr(t,e){let n=e.buf,o=n[e.pos++],r=(o&112)>>4;if(o<128||(o=n[e.
pos++],r|=(o&127)<<3,o<128)||(o=n[e.pos++],r|=(o&127)<<10,o<128)||(o=n[e.pos++],r|=(o&127)<<17,o<128)||(o=n[e.pos++],r|=
(o&127)<<24,o<128)||(o=n[e.pos++],r|=(o&1)<<31,o<128))return ot(t,r);throw new Error("Expected varint not more than 10 b\
ytes")}function ht(t){let e=t.buf,n=e[t.pos++],o=n&127;return n<128||(n=e[t.pos++],o|=(n&127)<<7,n<128)||(n=e[t.pos++],o|=
(n&127)<<14,n<128)||(n=e[t.pos++],o|=(n&127)<<21,n<128)?o:(n=e[t.pos],o|=(n&15)<<28,Lr(o,t))}function vr(t,e,n,o,r){return r===
0?o!==0?[t-1-n,t-1-e]:[n,e]:[e,n]}function Tr(t,e,n){if(t>26)throw new Error("Tile zoom level exceeds max safe number li\
mit (26)");if(e>=1<<t||n>=1<<t)throw new Error("tile x/y outside zoom level bounds");let o=((1<<t)*(1<<t)-1)/3,r=t-1,[s,
i]=[e,n];for(let c=1<<r;c>0;c>>=1){let l=s&c,f=i&c;o+=(3*l^f)*(1<<r),[s,i]=vr(c,s,i,l,f),r--}return o}async function Je(t,e){if(e===1||e===0)return t;if(e===2){if(typeof globalThis.DecompressionStream=="undefined")return Xe(
new Uint8Array(t));let n=new Response(t).body;if(!n)throw new Error("Failed to read response stream");let o=n.pipeThrough(
new globalThis.DecompressionStream("gzip"));return new Response(o).arrayBuffer()}throw new Error("Compression method not\
 supported")}function kr(t){return t===1?".mvt":t===2?".png":t===3?".jpg":t===4?".webp":t===5?".avif":t===6?".mlt":""}var Or=127;function Sr(t,e){
let n=0,o=t.length-1;for(;n<=o;){let r=o+n>>1,s=e-t[r].tileId;if(s>0)n=r+1;else if(s<0)o=r-1;else return t[r]}return o>=
0&&(t[o].runLength===0||e-t[o].tileId<t[o].runLength)?t[o]:null}var Lt=class{constructor(e){$(this,"file");this.file=e}getKey(){
return this.file.name}async getBytes(e,n){return{data:await this.file.slice(e,e+n).arrayBuffer()}}},jt=class{constructor(e,n=new Headers,o=void 0){
$(this,"url");$(this,"customHeaders");$(this,"credentials");$(this,"mustReload");$(this,"chromeWindowsNoCache");var c,l;
this.url=e,this.customHeaders=n,this.credentials=o,this.mustReload=!1;let r="";"navigator"in globalThis&&(r=(l=(c=globalThis.
navigator)==null?void 0:c.userAgent)!=null?l:"");let s=r.indexOf("Windows")>-1,i=/Chrome|Chromium|Edg|OPR|Brave/.test(r);
this.chromeWindowsNoCache=!1,s&&i&&(this.chromeWindowsNoCache=!0)}getKey(){return this.url}setHeaders(e){this.customHeaders=
e}async getBytes(e,n,o,r){let s,i;o?i=o:(s=new AbortController,i=s.signal);let c=new Headers(this.customHeaders);c.set("\
range",`bytes=${e}-${e+n-1}`);let l;this.mustReload?l="reload":this.chromeWindowsNoCache&&(l="no-store");let f=await fetch(
this.url,{signal:i,cache:l,headers:c,credentials:this.credentials});if(e===0&&f.status===416){let m=f.headers.get("Conte\
nt-Range");if(!m||!m.startsWith("bytes */"))throw new Error("Missing content-length on 416 response");let h=+m.substr(8);
c.set("range",`bytes=0-${h-1}`),f=await fetch(this.url,{signal:i,cache:"reload",headers:c,credentials:this.credentials})}
let a=f.headers.get("Etag");if(a!=null&&a.startsWith("W/")&&(a=null),f.status===416||r&&a&&a!==r)throw this.mustReload=!0,
new mt(`Server returned non-matching ETag ${r} after one retry. Check browser extensions and servers for issues that may\
 affect correct ETag headers.`);if(f.status>=300)throw new Error(`Bad response code: ${f.status}`);let u=f.headers.get("\
Content-Length");if(f.status===200&&(!u||+u>n))throw s&&s.abort(),new Error("Server returned no content-length header or\
 content-length exceeding request. Check that your storage backend supports HTTP Byte Serving.");return{data:await f.arrayBuffer(),
etag:a||void 0,cacheControl:f.headers.get("Cache-Control")||void 0,expires:f.headers.get("Expires")||void 0}}};function j(t,e){
let n=t.getUint32(e+4,!0),o=t.getUint32(e+0,!0);return n*2**32+o}function Ir(t,e){let n=new DataView(t),o=n.getUint8(7);
if(o>3)throw new Error(`Archive is spec version ${o} but this library supports up to spec version 3`);return{specVersion:o,
rootDirectoryOffset:j(n,8),rootDirectoryLength:j(n,16),jsonMetadataOffset:j(n,24),jsonMetadataLength:j(n,32),leafDirectoryOffset:j(
n,40),leafDirectoryLength:j(n,48),tileDataOffset:j(n,56),tileDataLength:j(n,64),numAddressedTiles:j(n,72),numTileEntries:j(
n,80),numTileContents:j(n,88),clustered:n.getUint8(96)===1,internalCompression:n.getUint8(97),tileCompression:n.getUint8(
98),tileType:n.getUint8(99),minZoom:n.getUint8(100),maxZoom:n.getUint8(101),minLon:n.getInt32(102,!0)/1e7,minLat:n.getInt32(
106,!0)/1e7,maxLon:n.getInt32(110,!0)/1e7,maxLat:n.getInt32(114,!0)/1e7,centerZoom:n.getUint8(118),centerLon:n.getInt32(
119,!0)/1e7,centerLat:n.getInt32(123,!0)/1e7,etag:e}}function Qe(t){let e={buf:new Uint8Array(t),pos:0},n=ht(e),o=[],r=0;
for(let s=0;s<n;s++){let i=ht(e);o.push({tileId:r+i,offset:0,length:0,runLength:1}),r+=i}for(let s=0;s<n;s++)o[s].runLength=
ht(e);for(let s=0;s<n;s++)o[s].length=ht(e);for(let s=0;s<n;s++){let i=ht(e);i===0&&s>0?o[s].offset=o[s-1].offset+o[s-1].
length:o[s].offset=i-1}return o}var mt=class extends Error{};async function Cr(t,e){let n=await t.getBytes(0,16384);if(new DataView(
n.data).getUint16(0,!0)!==19792)throw new Error("Wrong magic number for PMTiles archive");let r=n.data.slice(0,Or),s=Ir(
r,n.etag),i=n.data.slice(s.rootDirectoryOffset,s.rootDirectoryOffset+s.rootDirectoryLength),c=`${t.getKey()}|${s.etag||""}\
|${s.rootDirectoryOffset}|${s.rootDirectoryLength}`,l=Qe(await e(i,s.internalCompression));return[s,[c,l.length,l]]}async function Pr(t,e,n,o,r,s){
let i=await t.getBytes(n,o,s,r.etag),c=await e(i.data,r.internalCompression),l=Qe(c);if(l.length===0)throw new Error("Em\
pty directory is invalid");return l}var Wt=class{constructor(e=100,n=!0,o=Je){$(this,"cache");$(this,"invalidations");$(this,"pendingFetches");$(this,"maxCa\
cheEntries");$(this,"counter");$(this,"decompress");this.cache=new Map,this.invalidations=new Map,this.pendingFetches=new Map,
this.maxCacheEntries=e,this.counter=1,this.decompress=o}async getHeader(e){let n=e.getKey(),o=this.cache.get(n);if(o)return o.
lastUsed=this.counter++,await o.data;let r=new Promise((s,i)=>{Cr(e,this.decompress).then(c=>{c[1]&&this.cache.set(c[1][0],
{lastUsed:this.counter++,data:Promise.resolve(c[1][2])}),s(c[0]),this.prune()}).catch(c=>{i(c)})});return this.cache.set(
n,{lastUsed:this.counter++,data:r}),r}trackSignal(e,n,o){n.refs++,o.addEventListener("abort",()=>{--n.refs<=0&&this.pendingFetches.
get(e)===n&&(n.controller.abort(),this.cache.delete(e),this.pendingFetches.delete(e))},{once:!0})}async getDirectory(e,n,o,r,s){
let i=`${e.getKey()}|${r.etag||""}|${n}|${o}`,c=this.cache.get(i);if(c){c.lastUsed=this.counter++;let u=this.pendingFetches.
get(i);return u&&this.trackSignal(i,u,s!=null?s:new AbortController().signal),await c.data}let l=new AbortController,f={
controller:l,refs:0};this.trackSignal(i,f,s!=null?s:new AbortController().signal),this.pendingFetches.set(i,f);let a=new Promise(
(u,d)=>{Pr(e,this.decompress,n,o,r,l.signal).then(m=>{this.pendingFetches.delete(i),u(m),this.prune()}).catch(m=>{d(m)})});
return this.cache.set(i,{lastUsed:this.counter++,data:a}),a}prune(){if(this.cache.size>=this.maxCacheEntries){let e=1/0,
n;this.cache.forEach((o,r)=>{o.lastUsed<e&&(e=o.lastUsed,n=r)}),n&&this.cache.delete(n)}}async invalidate(e){let n=e.getKey();
if(this.invalidations.get(n))return await this.invalidations.get(n);this.cache.delete(e.getKey());let o=new Promise((r,s)=>{
this.getHeader(e).then(i=>{r(),this.invalidations.delete(n)}).catch(i=>{s(i)})});this.invalidations.set(n,o)}},dt=class{constructor(e,n,o){
$(this,"source");$(this,"cache");$(this,"decompress");typeof e=="string"?this.source=new jt(e):this.source=e,o?this.decompress=
o:this.decompress=Je,n?this.cache=n:this.cache=new Wt}async getHeader(){return await this.cache.getHeader(this.source)}async getZxyAttempt(e,n,o,r){
let s=Tr(e,n,o),i=await this.cache.getHeader(this.source);if(r==null||r.throwIfAborted(),e<i.minZoom||e>i.maxZoom)return;
let c=i.rootDirectoryOffset,l=i.rootDirectoryLength;for(let f=0;f<=3;f++){let a=await this.cache.getDirectory(this.source,
c,l,i,r);r==null||r.throwIfAborted();let u=Sr(a,s);if(u){if(u.runLength>0){let d=await this.source.getBytes(i.tileDataOffset+
u.offset,u.length,r,i.etag);return{data:await this.decompress(d.data,i.tileCompression),cacheControl:d.cacheControl,expires:d.
expires}}c=i.leafDirectoryOffset+u.offset,l=u.length}else return}throw new Error("Maximum directory depth exceeded")}async getZxy(e,n,o,r){
try{return await this.getZxyAttempt(e,n,o,r)}catch(s){if(s instanceof mt)return this.cache.invalidate(this.source),await this.
getZxyAttempt(e,n,o,r);throw s}}async getMetadataAttempt(){let e=await this.cache.getHeader(this.source),n=await this.source.
getBytes(e.jsonMetadataOffset,e.jsonMetadataLength,void 0,e.etag),o=await this.decompress(n.data,e.internalCompression),
r=new TextDecoder("utf-8");return JSON.parse(r.decode(o))}async getMetadata(){try{return await this.getMetadataAttempt()}catch(e){
if(e instanceof mt)return this.cache.invalidate(this.source),await this.getMetadataAttempt();throw e}}async getTileJson(e){
let n=await this.getHeader(),o=await this.getMetadata(),r=kr(n.tileType);return{tilejson:"3.0.0",scheme:"xyz",tiles:[`${e}\
/{z}/{x}/{y}${r}`],vector_layers:o.vector_layers,attribution:o.attribution,description:o.description,name:o.name,version:o.
version,bounds:[n.minLon,n.minLat,n.maxLon,n.maxLat],center:[n.centerLon,n.centerLat,n.centerZoom],minzoom:n.minZoom,maxzoom:n.
maxZoom}}};var Rr=3,$r=[1,2],Hr=[0,1,2];async function tn(t){let e=new dt(new Lt(t)),n=await e.getHeader();if(n.specVersion!==Rr)throw new Error(
"format");if(!$r.includes(n.internalCompression)||!Hr.includes(n.tileCompression))throw new Error("compression");return{
raster:n.tileType!==1&&n.tileType!==6,least:n.minZoom,deepest:n.maxZoom,tile:async(o,r,s)=>{var i;return(i=await e.getZxy(
o,r,s))==null?void 0:i.data}}}var Dr=/^[0-9a-zA-Z]{8,64}$/,nn="ground|",zr=18,Nr="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD\
hgGAWjR9awAAAABJRU5ErkJggg==";function on(t){var T,C;let{words:e,data:n}=t,o=E("base",HTMLSelectElement),r=E("base-note",
HTMLElement),s=E("token",HTMLInputElement),i=E("base-files",HTMLInputElement),c=E("tms",HTMLInputElement),l=E("base-opac\
ity",HTMLInputElement),f=_r(),a=[[],{}];s.value=(C=(T=document.querySelector('meta[name="tianditu"]'))==null?void 0:T.getAttribute(
"content"))!=null?C:"";function u(w,A=!1){r.textContent=w,r.classList.toggle("warning",A)}function d(w,A={}){a=[w,A],t.shares().
forEach(({map:O})=>Fr(O,w,A,l.valueAsNumber/100)),E("base-strength",HTMLElement).hidden=!w.length}function m(){return n.
grounds.find(({id:w})=>w===o.value)}function h(){var O;let w=m(),A=(w==null?void 0:w.pick)==="folder";E("base-ask",HTMLElement).
hidden=!(w!=null&&w.token),E("base-file",HTMLElement).hidden=!(w!=null&&w.pick),E("base-turned",HTMLElement).hidden=!A,i.
webkitdirectory=A,i.accept=(w==null?void 0:w.pick)==="archive"?".pmtiles":"",u((O=w==null?void 0:w.note)!=null?O:"",w==null?
void 0:w.warning),!w||w.pick?d([]):w.token&&!Dr.test(s.value.trim())?(d([]),u(e.token_wanted)):d(Ur(w,s.value.trim()),w)}
async function g(){var A,O;let w=(A=m())==null?void 0:A.pick;(O=i.files)!=null&&O.length&&(w==="archive"?await p(i.files[0]):
w==="folder"&&y(Array.from(i.files)))}async function p(w){let A;try{A=await tn(w)}catch(O){u(e.no_pmtiles,!0);return}if(!A.
raster){u(e.no_raster,!0);return}d(f.fromArchive(A),A),u(e.offset)}function y(w){let A=Br(w,c.checked);if(!A.size){u(e.no_tiles,
!0);return}let O=Array.from(A.keys(),k=>Number(k.split("/")[0]));d(f.fromFolder(A),{least:Math.min(...new Set(O)),deepest:Math.
max(...new Set(O))}),u(`${e.tiles_found.replace("{count}",H(A.size))} ${e.offset}`)}function b(){for(let{map:w}of t.shares())
rn(w).forEach(A=>w.setPaintProperty(A,"raster-opacity",l.valueAsNumber/100))}function M(){let w=m();w&&!w.pick&&u([w.warning?
w.note:"",e.unreachable].filter(Boolean).join(" "),!0)}return o.append(B("",e.blank),...n.grounds.map(({id:w,title:A})=>B(
w,A))),o.addEventListener("change",h),s.addEventListener("change",h),l.addEventListener("input",b),i.addEventListener("c\
hange",g),c.addEventListener("change",g),{laid:()=>d(...a),failed:M}}function Ur({urls:t},e){return t.map(n=>n.map(o=>o.
replace("{token}",encodeURIComponent(e))))}function rn(t){return t.getStyle().layers.map(({id:n})=>n).filter(n=>n.startsWith(
nn))}function Fr(t,e,{attribution:n="",least:o=0,deepest:r=zr},s){var l;for(let f of rn(t))t.removeLayer(f),t.removeSource(
f);let c=(l=t.getStyle().layers.find(({id:f})=>f!=="paper"))==null?void 0:l.id;e.forEach((f,a)=>{let u=`${nn}${a}`;t.addSource(
u,{type:"raster",tiles:f,tileSize:256,attribution:n,minzoom:o,maxzoom:r});let d={"raster-opacity":s,"raster-fade-duratio\
n":0};t.addLayer({id:u,type:"raster",source:u,paint:d},c)})}function _r(){let t=new Map,e=null,n=Uint8Array.from(atob(Nr),
o=>o.charCodeAt(0)).buffer;return maplibregl.addProtocol("folder",async({url:o})=>{let r=t.get(en(o));return{data:r?await r.
arrayBuffer():n.slice(0)}}),maplibregl.addProtocol("archive",async({url:o})=>{var c;let[r,s,i]=en(o).split("/").map(Number);
return{data:(c=await(e==null?void 0:e.tile(r,s,i)))!=null?c:n.slice(0)}}),{fromFolder:o=>(t=o,[[`folder://${Date.now()}/\
{z}/{x}/{y}`]]),fromArchive:o=>(e=o,[[`archive://${Date.now()}/{z}/{x}/{y}`]])}}function en(t){return t.replace(/^\w+:\/\/\d+\//,
"")}function Br(t,e){let n=new Map;for(let o of t){let r=/(\d+)\/(\d+)\/(\d+)\.(png|jpe?g|webp)$/i.exec(o.webkitRelativePath);
if(r){let[s,i,c]=r.slice(1,4).map(Number);n.set(`${s}/${i}/${e?2**s-1-c:c}`,o)}}return n}function Vt(t){return new maplibregl.Map({style:{version:8,sources:{},layers:[{id:"paper",type:"background",paint:{"back\
ground-color":"#f3efe6"}}]},maxZoom:22,attributionControl:!1,dragRotate:!1,pitchWithRotate:!1,fadeDuration:0,...t})}async function sn({
bounds:t,least:e,alt:n}){let o;try{o=Vt({container:"map",bounds:t,fitBoundsOptions:{padding:24},minZoom:Math.max(0,e-.999),
touchPitch:!1,pixelRatio:location.hash.length>1?void 0:.25,locale:{"Map.Title":n}})}catch(r){return null}return o.touchZoomRotate.
disableRotation(),o.keyboard.disableRotation(),o.addControl(new maplibregl.AttributionControl({compact:!0}),"bottom-righ\
t"),o.addControl(new maplibregl.ScaleControl({maxWidth:150,unit:"metric"}),"bottom-left"),o.getCanvas().setAttribute("ar\
ia-label",n),await new Promise(r=>o.once("style.load",r)),o}var jr="#1c1a17";function vt(t,{map:e,swipe:n},{left:o,top:r,width:s,height:i}){e.redraw(),t.drawImage(e.getCanvas(),o,r,s,i);let c=n!=null&&
n.on()?n.second():null;if(!n||!c)return;let l=o+n.place()*s;t.save(),t.beginPath(),t.rect(l,r,o+s-l,i),t.clip(),c.map.redraw(),
t.drawImage(c.map.getCanvas(),o,r,s,i),t.restore();for(let[f,a]of[[jr,.003+2*8e-4],["#ffffff",.003]])t.fillStyle=f,t.fillRect(
l-a*s/2,r,a*s,i)}var Wr=3,Vr=2e4,qr=190,Zr=176,Gr=96/25.4;function an(t){let{map:e,words:n,data:o}=t,r=E("stage",HTMLElement),s=E("printe\
d",HTMLImageElement),i=E("told",HTMLElement),c=!1;function l(){let{width:u,height:d}=e.getCanvas(),m=Object.assign(x("ca\
nvas"),{width:u,height:d}),h=m.getContext("2d");vt(h,t,{left:0,top:0,width:u,height:d});let g=u/e.getPixelRatio(),p=u/d;
s.src=m.toDataURL(),s.alt=o.alt,r.style.setProperty("--ratio",String(p));let y=Math.min(qr,Zr*p)*Gr/g;r.style.setProperty(
"--shrink",String(y)),E("paper",HTMLElement).textContent=`${o.printed} · ${new Date().toLocaleDateString("sv")}`,t.layers.
filter(b=>b.on).forEach(t.tree.reveal)}async function f(){c||(c=!0,i.textContent=n.printing,await qt(t,"paper",Math.max(
Wr,e.getPixelRatio()),async()=>{l(),await s.decode().catch(console.warn),i.textContent="",window.print()}),c=!1)}function a(){
c||l()}return window.addEventListener("beforeprint",a),window.matchMedia("print").addEventListener("change",({matches:u})=>{
u&&a()}),document.addEventListener("keydown",u=>{(u.ctrlKey||u.metaKey)&&!u.altKey&&u.key.toLowerCase()==="p"&&(u.preventDefault(),
f())}),{print:f}}async function qt(t,e,n,o){var a;let{map:r,swipe:s}=t,i=r.getPixelRatio(),c=r.getBounds(),l=(a=s==null?
void 0:s.place())!=null?a:0,f=r.unproject([l*r.getContainer().clientWidth,0]);document.body.classList.add(e);try{cn(t,n,
c),s==null||s.moveTo(r.project(f).x/r.getContainer().clientWidth),await Promise.all(ln(t).map(Kr)),await o()}finally{document.
body.classList.remove(e),cn(t,i,c),s==null||s.moveTo(l)}}function ln({map:t,swipe:e}){let n=e!=null&&e.on()?e.second():null;
return n?[t,n.map]:[t]}function cn(t,e,n){let[o,...r]=ln(t);o.setPixelRatio(e),o.resize(),o.fitBounds(n,{animate:!1});for(let s of r)
s.setPixelRatio(e),s.resize(),s.jumpTo({center:o.getCenter(),zoom:o.getZoom()})}function Kr(t){return new Promise(e=>{let n=setTimeout(
e,Vr);t.once("idle",()=>{clearTimeout(n),e()}),t.triggerRepaint()})}var V=Math.PI/180,fn=6378137,un=298.257222101,Yr=2e3,Xr=[[1/2,-2/3,5/16,41/180,-127/288,7891/37800],[13/48,-3/5,557/1440,
281/630,-1983433/1935360],[61/240,-103/140,15061/26880,167603/181440],[49561/161280,-179/168,6601661/7257600],[34729/80640,
-3418889/1995840],[212378941/319334400]],Jr=[[1/2,-2/3,37/96,-1/360,-81/512,96199/604800],[1/48,1/15,-437/1440,46/105,-1118711/
3870720],[17/480,-37/840,-209/4480,5569/90720],[4397/161280,-11/504,-830251/7257600],[4583/161280,-108847/3991680],[20648693/
638668800]],Qr=pn([[1/Math.sqrt(3),1]]),ts=pn([[0,128/225],[Math.sqrt(5-2*Math.sqrt(10/7))/3,(322+13*Math.sqrt(70))/900],
[Math.sqrt(5+2*Math.sqrt(10/7))/3,(322-13*Math.sqrt(70))/900]]);function hn(t){let e=t?is(t):ss();function n(o,r){if(!t)
return null;let[s,i]=e.of(o,r);return[s+t.east0,i+t.north0]}return{rule:t?"plane":"degrees",area:o=>es(o,e),length:o=>os(
o,e),plane:n,degrees:(o,r)=>t?e.back(o-t.east0,r-t.north0):null}}function es(t,e){if(t.length<3)return 0;let n=t.map(([a,
u])=>e.of(a,u)),[o,r,s,i]=rs(n),c=(o+r)/2,l=mn(Math.max(r-o,i-s),e),f=0;return n.forEach((a,u)=>{f+=ns(n[u?u-1:n.length-
1],a,c,l,e)}),Math.abs(f)}function ns([t,e],[n,o],r,s,i){let c=0;for(let[l,f]of s){let a=t-r+l*(n-t),u=e+l*(o-e);for(let[
d,m]of s){let[h,g]=i.metres(r+d*a,u);c+=f*m*h*g*a*(o-e)}}return c}function os(t,e){let n=t.map(([r,s])=>e.of(r,s)),o=0;return n.
slice(1).forEach(([r,s],i)=>{let[c,l]=n[i],f=r-c,a=s-l;for(let[u,d]of mn(Math.hypot(f,a),e)){let[m,h]=e.metres(c+u*f,l+u*
a);o+=d*Math.hypot(f*m,a*h)}}),o}function rs(t){return t.reduce(([e,n,o,r],[s,i])=>[Math.min(e,s),Math.max(n,s),Math.min(
o,i),Math.max(r,i)],[1/0,-1/0,1/0,-1/0])}function mn(t,e){return t*e.unit<Yr?Qr:ts}function pn(t){return t.flatMap(([e,n])=>(e?
[-e,e]:[0]).map(o=>[(1+o)/2,n/2]))}function ss(){let t=(2-1/un)/un;return{unit:fn*V,of:(e,n)=>[e,n],metres:(e,n)=>{let o=Math.
sin(n*V),r=1-t*o*o,s=fn/Math.sqrt(r)*V;return[s*Math.cos(n*V),s*(1-t)/r]},back:(e,n)=>[e,n]}}function is({lon0:t,lat0:e,
k0:n,a:o,rf:r}){let s=1/r,i=s/(2-s),c=s*(2-s),l=n*o/(1+i)*(1+i**2/4+i**4/64+i**6/256),f=dn(Xr,i),a=dn(Jr,i),u=l*as(e,c,f);
function d(h,g){let p=Zt(Math.tan(g*V),c),y=(h-t)*V,b=Math.atan2(p,Math.cos(y)),M=Math.asinh(Math.sin(y)/Math.hypot(p,Math.
cos(y))),T=b,C=M;return f.forEach((w,A)=>{let O=2*(A+1);T+=w*Math.sin(O*b)*Math.cosh(O*M),C+=w*Math.cos(O*b)*Math.sinh(O*
M)}),[l*C,l*T-u]}function m(h,g){let{xi:p,eta:y,stretch:b}=ls((g+u)/l,h/l,a),M=Math.sinh(y),T=Math.cos(p),C=Math.sin(p)/
Math.hypot(M,T),w=Math.atan2(M,T),A=cs(C,c),O=Math.sqrt(1+A**2-c*A**2),k=l/o/b*O/Math.hypot(C,Math.cos(w));return{angle:w,
tangent:A,scale:k}}return{unit:1,of:d,metres:(h,g)=>{let p=1/m(h,g).scale;return[p,p]},back:(h,g)=>{let{angle:p,tangent:y}=m(
h,g);return[t+p/V,Math.atan(y)/V]}}}function dn(t,e){return t.map((n,o)=>n.reduceRight((r,s)=>(r+s)*e,0)*e**o)}function Zt(t,e){
let n=Math.sqrt(e),o=Math.hypot(1,t),r=Math.sinh(n*Math.atanh(n*t/o));return t*Math.hypot(1,r)-r*o}function cs(t,e){let n=t/
(1-e);for(let o=0;o<5;o+=1){let r=Zt(n,e),s=(1-e)*Math.hypot(1,n)*Math.hypot(1,r)/(1+(1-e)*n**2),i=(t-r)/s;if(n+=i,Math.
abs(i)<1e-9*Math.hypot(1,n))break}return n}function as(t,e,n){let o=Math.atan(Zt(Math.tan(t*V),e));return n.reduce((r,s,i)=>r+
s*Math.sin(2*(i+1)*o),o)}function ls(t,e,n){let o=t,r=e,s=1,i=0;return n.forEach((c,l)=>{let f=2*(l+1),a=Math.sin(f*t),u=Math.
cos(f*t),d=Math.sinh(f*e),m=Math.cosh(f*e);o-=c*a*m,r-=c*u*d,s-=f*c*u*m,i+=f*c*a*d}),{xi:o,eta:r,stretch:Math.hypot(s,i)}}var fs=12,us=3,ds=1e4,hs=15,ms="#2b75b8",gn="#1c4f7f",ps=[Gt("fill","fill","Polygon",{"fill-color":ms,"fill-opacity":.18}),
Gt("line","line","LineString",{"line-color":gn,"line-width":2.4}),Gt("dot","circle","Point",{"circle-radius":5,"circle-c\
olor":"#ffffff","circle-stroke-color":gn,"circle-stroke-width":2.4})];function wn(t){let{map:e,words:n}=t,o=E("measured",
HTMLElement),r=hn(t.data.plane),s=[],i=!1,c=!1;function l(){e.getSource("ruler")||(e.addSource("ruler",{type:"geojson",data:yn(
s,c)}),ps.forEach(p=>e.addLayer(p))),e.getSource("ruler").setData(yn(s,c)),o.replaceChildren(...f().map(gs)),s.length&&o.
append(F(n.measure_again,u))}function f(){if(s.length<2)return[[n.measure_start]];let p=[[n.distance,`${Tt(r.length(Kt(s,
c)),2)} m`]];return c?p.push([n.area,ys(s)?n.crossing:a(r.area(s))]):s.length>2&&p.push([n.measure_close]),p.push([r.rule===
"plane"?n.rule_plane:n.rule_degrees]),p}function a(p){let y=p/ds;return`${Tt(p,2)} m² · ${Tt(y,4)} ha · ${Tt(y*hs,4)}\
 ${n.mu}`}function u(){s=[],c=!1,l()}function d(){c=!0,l()}function m(p){i=p,o.hidden=!i,e.getCanvas().style.cursor=i?"c\
rosshair":"",e.doubleClickZoom[i?"disable":"enable"](),u()}function h(p){if(!i)return;c&&u();let y=b=>{let{x:M,y:T}=e.project(
b);return Math.hypot(M-p.point.x,T-p.point.y)};if(s.length>2&&y(s[0])<fs){d();return}s.length>1&&y(s[s.length-1])<us||(s.
push([p.lngLat.lng,p.lngLat.lat]),l())}function g(p){i&&p.key==="Backspace"&&(s.pop(),l()),i&&p.key==="Escape"&&u()}return e.
on("click",h),e.on("dblclick",()=>{i&&s.length>2&&!c&&d()}),e.getCanvas().addEventListener("keydown",g),{toggle:m,on:()=>i}}
function Gt(t,e,n,o){return{id:`ruler-${t}`,type:e,source:"ruler",filter:["==",["geometry-type"],n],paint:o}}function Kt(t,e){
return e?[...t,t[0]]:t}function yn(t,e){let n=t.map(r=>["Point",r]);return t.length>1&&n.push(["LineString",Kt(t,e)]),e&&
n.push(["Polygon",[Kt(t,e)]]),{type:"FeatureCollection",features:n.map(([r,s])=>({type:"Feature",properties:{},geometry:{
type:r,coordinates:s}}))}}function Tt(t,e){return t.toLocaleString("en",{minimumFractionDigits:e,maximumFractionDigits:e})}
function gs([t,e]){if(e===void 0)return x("p","small",t);let n=x("p","",`${t} `);return n.append(x("b","",e)),n}function ys(t){
let e=[...t,t[0]];for(let n=0;n<t.length;n+=1)for(let o=n+2;o<t.length;o+=1)if(!(n===0&&o===t.length-1)&&ws(e[n],e[n+1],
e[o],e[o+1]))return!0;return!1}function ws(t,e,n,o){return kt(t,e,n)!==kt(t,e,o)&&kt(n,o,t)!==kt(n,o,e)}function kt(t,e,n){
return Math.sign((e[0]-t[0])*(n[1]-t[1])-(e[1]-t[1])*(n[0]-t[0]))}var pt=30,bs=200;function bn(t){let{words:e}=t,n=E("query",HTMLInputElement),o=E("count",HTMLElement);function r(){let s=n.
value.trim().toLowerCase();t.hits=s?new Map(t.layers.map(l=>[l.id,l.facts.holding(s)])):null;let{total:i,best:c}=Ms(t,s);
return o.textContent=s?i?`${H(i)} ${e.search_count}`:e.search_none:"",E("found",HTMLElement).replaceChildren(...c.map(l=>xs(
l,t))),t.table.refresh(),c}n.addEventListener("input",r),E("search",HTMLFormElement).addEventListener("submit",s=>{s.preventDefault();
let[i]=r();i&&t.fly(i)})}function Ms(t,e){var c,l;let n=[],o=[],r=new Map,s=0;for(let f of t.table.tabled)(l=(c=t.hits)==
null?void 0:c.get(f.id))==null||l.forEach((a,u)=>{var m,h;let d=f.facts.category[u]>=0;if(!(!a||d&&!t.seen(f,u))&&(s+=d?
1:0,n.length<pt||o.length<pt)){let g=((m=f.facts.name(u))!=null?m:"").toLowerCase(),p=g.includes(e)?n:o;d&&p.length<pt?p.
push([f,u]):!d&&p===n&&r.size<pt&&r.set(`${f.id} ${g}`,(h=r.get(`${f.id} ${g}`))!=null?h:[f,u])}});let i=[...n,...r.values(),
...o].slice(0,pt);return{total:s+r.size,best:i}}function xs([t,e],n){let o=x("li"),r=F(null,()=>n.fly([t,e])),s=t.facts.
name(e)||n.words.unnamed;return r.append(x("span","",s.slice(0,bs)),x("b","",t.title)),o.append(r),o}async function xn(t,e){var f,a;let n=await createImageBitmap(new Blob([t])),{width:o,height:r}=n,s=new OffscreenCanvas(o,
r).getContext("2d"),i=e.filter(({look:u})=>u.hatch&&u.fill);if(!i.length||s===null)return n;s.drawImage(n,0,0);let c=s.getImageData(
0,0,o,r),l=new Uint32Array(c.data.buffer);for(let{look:u}of i)Es(l,o,Mn((f=u.fill)!=null?f:""),Mn((a=u.stripe)!=null?a:"\
#ffffff"));return createImageBitmap(c)}function Es(t,e,n,o){for(let r=0;r<t.length;r+=1)t[r]===n&&(r%e+Math.floor(r/e))%
9<3&&(t[r]=o)}function Mn(t){let[e,n,o]=[1,3,5].map(r=>Number.parseInt(t.slice(r,r+2),16));return(255<<24|o<<16|n<<8|e)>>>
0}var As=[["MultiPolygon",2],["MultiLineString",1],["MultiPoint",0]],En=new Map,Yt=new Map,Xt=new Map;function An(){maplibregl.
addProtocol("held",async({url:t})=>{var s;let[,e,n]=(s=/^held:\/\/([^/]+)\/(.+)$/.exec(t))!=null?s:[],o=Yt.get(e),r=o==null?
void 0:o.ranges.get(n);return{data:o&&r?await it(o.bytes.subarray(...r)):new ArrayBuffer(0)}}),maplibregl.addProtocol("p\
icture",async({url:t})=>{let e=await Xt.get(t);return{data:e?await createImageBitmap(e):new ArrayBuffer(0)}})}async function Ln(t,e,n){
let{shape:o}=t;return o.kind==="tiles"?Ts(t.id,o):o.kind==="reached"?Ls(t,o,n):o.kind==="picture"?vs(t,o):Os(t,o,e)}async function Ls({
id:t},e,{selected:n,view:o}){return{type:"geojson",data:{type:"FeatureCollection",features:[...n?await bt(t,e,n[1],o==null?
void 0:o.id):[]].reverse().map(({row:c,coordinates:l})=>({type:"Feature",id:c,properties:{i:c,v:c,z:0},geometry:{type:"M\
ultiPolygon",coordinates:l}}))},promoteId:"i",maxzoom:20,tolerance:.2}}function vs({picture:t="",categories:e},{bounds:[
n,o,r,s]}){let i=`picture://${t}`;return Xt.has(i)||Xt.set(i,xn(K(t),e)),{type:"image",url:i,coordinates:[[n,s],[r,s],[r,
o],[n,o]]}}function Ts(t,{body:e,index:n,least:o,deepest:r}){return Yt.has(t)||Yt.set(t,{ranges:ks(n),bytes:K(e)}),{type:"\
vector",tiles:[`held://${t}/{z}/{x}/{y}`],minzoom:o,maxzoom:r,promoteId:{a:"i",o:"i"}}}function ks(t){let e=new Map;for(let n=0,
o=0;n<t.length;n+=4){let[r,s,i,c]=t.slice(n,n+4);e.set(`${r}/${s}/${i}`,[o,o+c]),o+=c}return e}async function Os(t,e,n){
return{type:"geojson",data:{type:"FeatureCollection",features:(await Ss(t,e)).flatMap(({zoom:i,parts:c},l)=>{if(!n(l))return[];
let f={i:l,v:t.facts.category[l],z:i},a=Is(c);return t.tabled&&c.some(({dimension:u})=>u===2)&&a.push({type:"Point",coordinates:[
t.facts.lon[l],t.facts.lat[l]]}),a.map(u=>({type:"Feature",id:l,properties:f,geometry:u}))})},promoteId:"i",maxzoom:20,tolerance:.2}}
function Ss(t,{body:e,scale:n}){let o=En.get(t.id),r=o!=null?o:it(K(e)).then(s=>Cs(new Uint8Array(s),t.facts.size,n));return En.
set(t.id,r),r}function Is(t){return As.flatMap(([e,n])=>{let o=t.filter(({dimension:s})=>s===n).map(({lines:s})=>s);if(!o.
length)return[];let r=n===2?o:n===1?o.flat():o.flatMap(([s])=>s);return[{type:e,coordinates:r}]})}function Cs(t,e,n){let o=gt(
t),r=0,s=0,i=()=>(r+=o(),s+=o(),[r/n,s/n]),c=()=>Ot(o(),i),l=()=>({dimension:o(),lines:Ot(o(),c)});return Ot(e,()=>({zoom:o(),
parts:Ot(o(),l)}))}function Ot(t,e){return Array.from({length:t},e)}var Jt={pixelRatio:2},St=16,vn=24,Ps={size:50,ring:4},q={font:26,height:40,margin:7,halo:7},Tn={stripes:[[-8,8,8,-8],[-8,
24,24,-8],[8,24,24,8]],counter:[[-8,8,8,24],[-8,-8,24,24],[8,-8,24,8]],level:[[0,4,16,4],[0,12,16,12]],grid:[[0,0,16,16],
[0,16,16,0]]};function On(t,e){t.on("styleimagemissing",({id:n})=>{var c,l,f;let[o,r,s]=n.split("|"),i=e.layers.find(a=>a.
id===r);if(!(!i||t.hasImage(n))){if(o==="name"&&t.addImage(n,Rs(i,Number(s),e),Jt),o==="rank"){let{look:a}=i.categories[i.
facts.category[Number(s)]];t.addImage(n,Hs((l=(c=i.facts.ranks)==null?void 0:c[Number(s)])!=null?l:0,a.stroke||"#9b2705"),
Jt)}if(o==="hatch"){let{look:a}=i.categories[Number(s)];t.addImage(n,$s((f=a.hatch)!=null?f:"",a.stripe||"#ffffff"),Jt)}}})}
function Rs(t,e,n){var c;let o=t.categories[t.facts.category[e]],r=(c=t.facts.name(e))!=null?c:"";if(!o.outcome)return kn(
r,o.look.stroke||"#2b2721");let{code:s,colour:i}=n.data.outcomes[o.outcome];return kn(`${s} ${r}`,i)}function $s(t,e){var o;
let n=It(St,St);n.strokeStyle=e,n.lineWidth=t==="grid"?2:5,n.globalAlpha=.75,n.beginPath();for(let[r,s,i,c]of(o=Tn[t])!=
null?o:Tn.stripes)n.moveTo(r,s),n.lineTo(i,c);return n.stroke(),n.getImageData(0,0,St,St)}function kn(t,e){let n=t.length>
vn?`${t.slice(0,vn-1)}…`:t,o=`600 ${q.font}px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`,
r=q.height/2+1,s=It(1,1);s.font=o;let i=Math.ceil(s.measureText(n).width)+2*q.margin,c=It(i,q.height);return Object.assign(
c,{font:o,textBaseline:"middle",lineJoin:"round",lineWidth:q.halo}),c.strokeStyle="rgba(255,254,250,.92)",c.strokeText(n,
q.margin,r),c.fillStyle=e,c.fillText(n,q.margin,r),c.getImageData(0,0,i,q.height)}function Hs(t,e){let{size:n,ring:o}=Ps,
r=It(n,n),s=n/2;r.beginPath(),r.arc(s,s,s-o,0,2*Math.PI),r.fillStyle="#ffffff",r.fill(),r.strokeStyle="#ffffff",r.lineWidth=
2*o,r.stroke(),r.strokeStyle=e,r.lineWidth=o,r.stroke();let i=`700 ${q.font-3}px ${getComputedStyle(document.documentElement).
getPropertyValue("--font")}`;return Object.assign(r,{font:i,fillStyle:e,textAlign:"center",textBaseline:"middle"}),r.fillText(
String(t),s,s+1),r.getImageData(0,0,n,n)}function It(t,e){let n=document.createElement("canvas");n.width=t,n.height=e;let o=n.
getContext("2d",{willReadFrequently:!0});if(o===null)throw new Error("this browser cannot draw");return o}var Pn=["picture","fill","hatch",...lt,"dot"],Qt=["names","ranks"],Ds=[...Pn,...Qt],Rn={map:null,async show(){},hide(){},
restyle(){},remake(){},mask(){},choose(){}};function Ct(t,e){let n=new Map,o=new Set;On(t,e);async function r(a){if(n.has(
a.id))return;let u=Symbol(a.id);n.set(a.id,u);let d=zs(a,e),m=d&&await Ln(a,d,e);if(!m||n.get(a.id)!==u)return;t.addSource(
a.id,m);let h=Ns(t,e.layers,a);Re(a).forEach(g=>t.addLayer(g,h)),a.labelled&&(t.addSource(`${a.id}|names`,He(a)),t.addLayer(
$e(a),$n(t,"ranks"))),a.ranked&&(t.addSource(`${a.id}|ranks`,ze(a)),t.addLayer(De(a))),l(a),f(a,a.chosen,!0)}function s(a){
n.delete(a.id),o.delete(a.id);for(let u of In(t,a))t.removeLayer(`${a.id}|${u}`);for(let u of[a.id,...Sn(t,a)].filter(d=>t.
getSource(d)))t.removeSource(u)}function i(a){let u=ft(a),d=ut(a);for(let m of In(t,a)){let h=`${a.id}|${m}`;m in d&&t.setFilter(
h,d[m]);for(let[g,p]of Object.entries(u[m]).filter(([y])=>y.endsWith("opacity")))t.setPaintProperty(h,g,p)}}function c(a){
n.has(a.id)&&(s(a),r(a))}function l(a){var d;if(!t.getSource(a.id)||!a.mask&&!o.has(a.id))return;let u=Sn(t,a).map(m=>({
source:m}));for(let m of[...Cn(a),...u])t.removeFeatureState(m),(d=a.mask)==null||d.forEach((h,g)=>{h||t.setFeatureState(
{...m,id:g},{off:!0})});a.mask?o.add(a.id):o.delete(a.id)}function f(a,u,d){u!==null&&t.getSource(a.id)&&Cn(a).forEach(m=>t.
setFeatureState({...m,id:u},{chosen:d}))}return{map:t,show:r,hide:s,restyle:i,remake:c,mask:l,choose:f}}function zs({facts:t,
categories:e,companion:n,of:o,shape:r},s){var l;if(!e.length)return null;if(!n)return f=>t.category[f]>=0;let[i,c]=(l=s.
selected)!=null?l:[];return(i==null?void 0:i.id)!==o?null:f=>{var a;return r.kind==="reached"||((a=t.owner)==null?void 0:
a[f])===c}}function Ns(t,e,n){let r=e.slice(0,e.indexOf(n)).reverse().flatMap(({id:s})=>Pn.map(i=>`${s}|${i}`)).find(s=>t.
getLayer(s));return r!=null?r:$n(t,...Qt)}function $n(t,...e){var o;return(o=t.getStyle().layers.find(({id:r})=>e.some(s=>r.
endsWith(`|${s}`))))==null?void 0:o.id}function Sn(t,e){return Qt.map(n=>`${e.id}|${n}`).filter(n=>t.getSource(n))}function In(t,e){
return Ds.filter(n=>t.getLayer(`${e.id}|${n}`))}function Cn(t){return t.shape.kind==="picture"?[]:t.shape.kind!=="tiles"?
[{source:t.id}]:["a","o"].map(e=>({source:t.id,sourceLayer:e}))}function Hn(t,e){let n=new Uint8Array(21),o=new DataView(n.buffer);o.setUint32(0,9),n.set(new TextEncoder().encode("pHYs"),
4),o.setUint32(8,Math.round(e/.0254)),o.setUint32(12,Math.round(e/.0254)),n[16]=1,o.setUint32(17,Us(n.subarray(4,17)));let r=new Uint8Array(
t.length+n.length);return r.set(t.subarray(0,33)),r.set(n,33),r.set(t.subarray(33),33+n.length),r}function Us(t){let e=4294967295;
for(let n of t){e^=n;for(let o=0;o<8;o+=1)e=e&1?e>>>1^3988292384:e>>>1}return(e^4294967295)>>>0}var Dn={stripes:"M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",counter:"M4 2l12 14M12 2l12 14M20 2l8 9",level:"M2 6H28M2 12\
H28",grid:"M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9"};function Y(t){let e=t.line?[Fs(t)]:t.point?[_s(
t)]:Bs(t);return tt("0 0 30 18",[30,18],e,"swatch")}function Fs({stroke:t,weight:e=0,dash:n=""}){return["path",{d:"M1 9H\
29",stroke:t,"stroke-width":Math.max(1,e),"stroke-dasharray":n,fill:"none"}]}function _s({fill:t,stroke:e,ring:n=0}){return[
"circle",{cx:15,cy:9,r:5,fill:t||e,stroke:e||"none","stroke-width":n}]}function Bs(t){var s,i,c;let e=["rect",{x:1.5,y:1.5,
width:27,height:15,rx:2,fill:t.fill_opacity!==0&&t.fill||"none","fill-opacity":(s=t.fill_opacity)!=null?s:1,stroke:t.stroke||
"none","stroke-width":(i=t.weight)!=null?i:0,"stroke-dasharray":t.dash||""}];if(!t.hatch)return[e];let n=(c=Dn[t.hatch])!=
null?c:Dn.stripes,o=t.hatch==="grid"?1:2.4,r={d:n,stroke:t.stripe||"#ffffff","stroke-width":o,fill:"none","stroke-opacit\
y":.8};return[e,["path",r]]}function zn(t){let e=E("key",HTMLElement),n;return()=>{var c;let o=(c=t.swipe)==null?void 0:c.sides(),r=t.layers.find(l=>l.
keyed&&l.on),s=o?o.map(te):r?[js(r,t),Ws(r,t)]:[Vs(t)],i=JSON.stringify(s);i!==n&&(n=i,e.hidden=!s.some(({steps:l})=>l.length),
e.classList.toggle("narrow-only",!o&&!r),e.classList.toggle("sides",!!o),e.replaceChildren(...s.map(qs)))}}function js(t,{
view:e}){var n;return{title:(n=e==null?void 0:e.title)!=null?n:t.title,steps:t.categories}}function Ws(t,{layers:e}){return{
...te({title:"",layers:e.filter(n=>n.on&&n!==t)}),narrow:!0}}function Vs({layers:t,words:e}){return te({title:e.key,layers:t.
filter(n=>n.on)})}function te({title:t,layers:e,classed:n}){let o=e.filter(s=>!s.companion),r=o.filter(s=>s.ground);return{
title:t,steps:[...o.filter(s=>!s.ground),...r].flatMap(n?Pt:Zs)}}function qs({title:t,steps:e,narrow:n}){let o=x("div",n?
"part narrow-only":"part");return o.append(...t?[x("p","head",t)]:[],...e.map(Gs)),o}function Zs(t){let e=Pt(t);return t.
categories.length===1?e.map(n=>({...n,title:t.title,told:null})):e}function Pt({categories:t,hidden:e,counted:n,shape:o}){
let r=o.kind==="picture";return t.filter((s,i)=>!e.has(i)&&(r||n[i]!==0))}function Gs({title:t,look:e,told:n}){let o=x("\
p","step");return o.append(Y(e),x("span","",t),x("b","",n)),o}var Rt=300,ee=25.4,Un=96,X={width:297,height:210},D={left:10,top:27,width:209,height:164},rt={left:224,top:27,width:63,height:164},
$t="#1c1a17",Nn="#66615a",Fn="#ffffffd8",Ks=5.6,Ys=3.4,Xs=40075016686e-3,Js=512,Qs=60,ti=400,ei=6e4;function _n(t){let{words:e}=t,
n=E("told",HTMLElement),o=!1;async function r(){var s,i;if(!o){o=!0,n.textContent=e.saving;try{let c=document.createElement(
"canvas");await qt(t,"sheet",Rt/Un,()=>ni(c,t)),hi(await ui(c),`${di(`${Bn(t)[0]} ${(i=(s=t.view)==null?void 0:s.id)!=null?
i:""}`)}.png`)}finally{n.textContent="",o=!1}}}return{save:r}}async function ni(t,e){let{map:n,data:o}=e;t.width=Math.round(
X.width*Rt/ee),t.height=Math.round(X.height*Rt/ee);let r=t.getContext("2d");r.scale(t.width/X.width,t.height/X.height),r.
fillStyle="#ffffff",r.fillRect(0,0,X.width,X.height),vt(r,e,D),r.strokeStyle=$t,r.lineWidth=.4,r.strokeRect(D.left,D.top,
D.width,D.height);let[s,i]=Bn(e),c=X.width-2*D.left,l=new Date().toLocaleDateString("sv");J(r,s,{x:D.left,y:16.5,size:7,
room:c,bold:!0}),J(r,i,{x:D.left,y:23.4,size:4,room:c,colour:Nn}),J(r,`${o.printed} · ${l}`,{x:D.left,y:196.5,size:3,room:c}),
J(r,o.sources,{x:D.left,y:201.5,size:3,room:c,colour:Nn}),ci(r),ai(r,li(n.getZoom(),n.getCenter().lat)),await si(r,oi(e))}
function Bn({view:t}){let[e,n,o]=["#title h1","#title .document",".view:not([hidden]) .value"].map(r=>{var s,i,c;return(c=
(i=(s=document.querySelector(r))==null?void 0:s.textContent)==null?void 0:i.trim())!=null?c:""});return[e,[...new Set([n,
t==null?void 0:t.title,o])].filter(Boolean).join(" · ")]}function oi({layers:t,map:e,swipe:n}){var i;let o=n==null?void 0:
n.sides(),r=(c,l)=>c.filter(({id:f})=>l.getSource(f)).flatMap(ri);if(!o)return r(t,e);let s=[e,(i=n==null?void 0:n.second())==
null?void 0:i.map];return o.flatMap(({title:c,layers:l},f)=>[{look:null,words:c},...r(l,s[f])])}function ri(t){let{title:e}=t,
n=Pt(t);if(n.length===1){let[{look:r,title:s}]=n;return[{look:r,words:s===e||!s?e:`${e}: ${s}`}]}let o=n.map(({look:r,title:s})=>({
look:r,words:s}));return o.length?[{look:null,words:e},...o]:[]}async function si(t,e){let n=Math.max(Ys,Math.min(Ks,rt.
height/Math.max(1,e.length))),o=Math.floor(rt.height/n),r=e.length>o?[...e.slice(0,o-1),{look:null,words:"…"}]:e,s=await Promise.
all(r.map(({look:i})=>i&&ii(i)));for(let[i,{words:c}]of r.entries()){let l=rt.top+(i+.7)*n,f=s[i],a=f?1.2*n+1.6:0;f&&t.drawImage(
f,rt.left,l-.58*n,1.2*n,.72*n),J(t,c,{x:rt.left+a,y:l,size:.58*n,room:rt.width-a,bold:!f})}}async function ii(t){let e=Y(
t);e.setAttribute("width","120"),e.setAttribute("height","72");let n=new Image;return n.src=`data:image/svg+xml,${encodeURIComponent(
new XMLSerializer().serializeToString(e))}`,await n.decode(),n}function ci(t){let e=D.left+D.width-9,n=D.top+5;t.fillStyle=
Fn,t.fillRect(e-5,n-2,10,18),t.fillStyle=$t,t.beginPath(),t.moveTo(e,n),t.lineTo(e+3,n+9.5),t.lineTo(e,n+7.6),t.lineTo(e-
3,n+9.5),t.fill(),J(t,"N",{x:e-1.4,y:n+14,size:4,room:9,bold:!0})}function ai(t,e){let n=fi(D.width/4*e),o=n/e,r=D.left+
5,s=D.top+D.height-5,i=n>=1e3?`${n/1e3} km`:`${n} m`,c=Number((e*1e3).toPrecision(2)).toLocaleString("en");t.fillStyle=Fn,
t.fillRect(r-2,s-8.5,Math.max(o,36)+4,10.5),t.fillStyle=$t,t.lineWidth=.25,t.fillRect(r,s-1.6,o/2,1.6),t.strokeRect(r,s-
1.6,o,1.6),J(t,`${i}   ≈ 1:${c}`,{x:r,y:s-3.4,size:3.2,room:60})}function li(t,e){return Xs*Math.cos(e*Math.PI/180)/(Js*
2**t)*Un/ee}function fi(t){let e=10**Math.floor(Math.log10(t));return Math.max(...[1,2,5].map(n=>n*e).filter(n=>n<=t))}function J(t,e,{
x:n,y:o,size:r,room:s,colour:i=$t,bold:c=!1}){t.font=`${c?700:400} ${r}px ${getComputedStyle(document.body).fontFamily}`,
t.fillStyle=i;let l=[...e.replace(/\s+/g," ")].slice(0,ti);for(;l.length>1&&t.measureText(l.join("")).width>s;)l=[...l.slice(
0,l.at(-1)==="…"?-2:-1),"…"];t.fillText(l.join(""),n,o)}async function ui(t){let e=await new Promise(n=>t.toBlob(n,"\
image/png"));if(!e)throw new Error("the browser made no picture of the sheet");return new Blob([Hn(new Uint8Array(await e.
arrayBuffer()),Rt)],{type:"image/png"})}function di(t){return[...t.replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu,"_")].slice(0,Qs).
join("").replace(/^[.\s]+|[.\s]+$/g,"")||"map"}function hi(t,e){let n=document.createElement("a");n.href=URL.createObjectURL(
t),n.download=e,n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),ei)}var jn=.02,Wn=.05,mi=17.5,pi={top:80,left:70,right:30,below:.3},gi="broken.";function Vn(t){let{map:e,layers:n}=t,{pairs:o}=t.
data,r=E("other",HTMLElement),s=E("stage",HTMLElement),i=E("divider",HTMLElement),c=E("swiping",HTMLElement),l=E("left",
HTMLSelectElement),f=E("right",HTMLSelectElement),a=null,u=null,d=!1,m=.5,h=!1;function g(){h&&a&&(ne(t.first,Ht(l.value,
n,o),n),ne(a,Ht(f.value,n,o),n)),t.tree.refresh(),t.noted()}function p(w){m=Math.max(jn,Math.min(1-jn,w));let A=Math.round(
m*s.clientWidth);r.style.clipPath=`inset(0 0 0 ${A}px)`,i.style.left=`${A}px`,i.setAttribute("aria-valuenow",String(Math.
round(100*m)))}async function y(){let w=Vt({container:r,center:e.getCenter(),zoom:e.getZoom(),interactive:!1});r.style.pointerEvents=
"none",a=Ct(w,t),e.on("move",()=>{h&&w.jumpTo({center:e.getCenter(),zoom:e.getZoom()})}),new ResizeObserver(()=>{h&&(w.resize(),
p(m))}).observe(s),await new Promise(A=>w.once("load",A)),t.laid()}async function b(w){var A;h=w,(A=document.querySelector(
"[data-tool=swipe]"))==null||A.setAttribute("aria-pressed",String(h));for(let O of[r,i,c])O.hidden=!h;if(!h){let O=n.filter(
k=>k.on);ne(t.first,O,n),t.tree.refresh(),t.noted();return}d||M(Ei(n,o)),u!=null||(u=y()),await u,h&&(a==null||a.map.resize(),
a==null||a.map.jumpTo({center:e.getCenter(),zoom:e.getZoom()}),p(m),g())}function M(w){d=!0,[l.value,f.value]=w}function T(w,A){
if(!w.every(k=>Array.from(l.options).some(({value:R})=>R===k)))return;M(w);let O=A?null:bi(wi(w.map(k=>Ht(k,n,o))));if(O){
let{below:k,...R}=pi,z={...R,bottom:k*s.clientHeight};e.fitBounds(O,{padding:z,maxZoom:mi,animate:!1})}b(!0)}let C=(w,A)=>({
title:`${A}: ${w.selectedOptions[0].textContent}`,layers:Ht(w.value,n,o),classed:Zn(w.value,o)!==void 0});for(let w of[l,
f])w.append(...yi(t)),w.addEventListener("change",g);return i.addEventListener("pointerdown",w=>{i.setPointerCapture(w.pointerId),
w.preventDefault()}),i.addEventListener("pointermove",w=>{if(i.hasPointerCapture(w.pointerId)){let A=s.getBoundingClientRect();
p((w.clientX-A.left)/A.width)}}),i.addEventListener("keydown",w=>{let A={ArrowLeft:-Wn,ArrowRight:Wn}[w.key];A&&(w.preventDefault(),
p(m+A))}),{toggle:b,apply:g,open:T,chosen:()=>h?[l.value,f.value]:[],at:w=>h&&a&&w>m*s.clientWidth?a.map:e,on:()=>h,second:()=>a,
sides:()=>h&&a?[C(l,t.words.left),C(f,t.words.right)]:null,place:()=>m,moveTo:p}}function ne(t,e,n){for(let o of n)e.includes(
o)?t.show(o):t.hide(o)}function qn(t){return[...new Set(t.map(e=>e.group))]}function yi({data:t,layers:e,words:n}){let o=t.
pairs.map(({title:c,sides:l})=>{let f=x("optgroup");return f.label=c,f.append(...l.map(a=>B(a.id,a.title))),f}),r=qn(e).
map((c,l)=>{let f=x("optgroup"),a=e.filter(u=>u.group===c);return f.label=c,a.length>1&&f.append(B(`group ${l}`,`${c}: ${n.
all}`)),f.append(...a.map(u=>B(`layer ${u.id}`,u.title))),f}),s=e.find(c=>c.earlier),i=s?[B("before",s.group),B("after",
n.this_run)]:[];return[B("on",n.what_is_on),...i,...o,...r]}function Ht(t,e,n){var l;let o=Zn(t,n);if(o)return e.filter(
({id:f,on:a,ground:u})=>o.layers.includes(f)||a&&u);if(t==="on")return e.filter(f=>f.on);if(t==="before"||t==="after"){let f=t===
"before",a=[...Mi(e)[f?0:1],...xi(e)[f?0:1]],u=({on:d,ground:m,measured:h})=>d&&m&&!h;return e.filter(d=>a.includes(d)||
u(d))}let[,r,s]=(l=/^(\w+) (.*)$/s.exec(t))!=null?l:[],i=qn(e)[Number(s)],c=f=>r==="group"?f.group===i:f.id===s;return e.
filter(f=>c(f)||f.on&&f.ground)}function Zn(t,e){return e.flatMap(({sides:n})=>n).find(({id:n})=>n===t)}function wi([t,e]){
return[...t.filter(n=>!e.includes(n)),...e.filter(n=>!t.includes(n))]}function bi(t){let e=[Number.POSITIVE_INFINITY,Number.
POSITIVE_INFINITY,Number.NEGATIVE_INFINITY,Number.NEGATIVE_INFINITY];for(let{facts:n}of t.filter(({measured:o,ground:r})=>o&&
!r))for(let o=0;o<n.size;o+=1)e[0]=Math.min(e[0],n.lon[o]),e[1]=Math.min(e[1],n.lat[o]),e[2]=Math.max(e[2],n.lon[o]),e[3]=
Math.max(e[3],n.lat[o]);return Number.isFinite(e[0])?[[e[0],e[1]],[e[2],e[3]]]:null}function Mi(t){let e=t.filter(i=>i.earlier&&
!i.measured),n=new Set(e.map(i=>i.earlier)),o=t.filter(({id:i})=>n.has(i)||i.startsWith(gi)),r=new Set([...e,...o].filter(
i=>i.on).map(i=>{var c;return(c=i.earlier)!=null?c:i.id})),s=i=>{var c;return!r.size||r.has((c=i.earlier)!=null?c:i.id)};
return[e.filter(s),o.filter(s)]}function xi(t){let e=new Set(t.filter(o=>o.on&&o.measured).map(({id:o})=>o));return[t.filter(
({id:o,earlier:r,measured:s})=>r&&s&&(e.has(o)||e.has(r))),t.filter(({id:o,earlier:r})=>e.has(o)&&!r)]}function Ei(t,e){
var s;let n=new Set(t.filter(i=>i.on&&i.measured).map(({id:i})=>i)),o=e.find(({sides:i})=>i.some(c=>c.layers.some(l=>n.has(
l))));if(o)return o.sides.map(({id:i})=>i);if(t.some(i=>i.earlier))return["before","after"];let r=(s=t.filter(i=>!i.on&&
i.tabled).pop())!=null?s:t[0];return["on",r?`layer ${r.id}`:"on"]}var st=30,Gn=12,Ai=300,Kn=8,oe={name:210,number:138,text:170};function Xn(t){let{words:e}=t,n=E("twin-head",HTMLTableSectionElement),
o=E("twin-body",HTMLTableSectionElement),r=E("twin",HTMLTableElement),s=E("scroller",HTMLElement),i=E("of",HTMLSelectElement),
c=E("rows",HTMLElement),l=E("fold",HTMLButtonElement),f=t.layers.filter(v=>v.tabled&&v.facts.size),a=null,u=[],d=[],m=null,
h=!1,g=0,p=[-1,-1];function y(v){if(!v)return;a=v,i.value=v.id,m=null,u=Li(v,e);let S=x("tr");S.append(...u.map((I,P)=>Ti(
I,P,()=>b(P,S)))),n.replaceChildren(S),r.style.width=`${u.reduce((I,P,U)=>I+Jn(P,U),0)}px`,M()}function b(v,S){h=m===v&&
!h,m=v,Array.from(S.children).forEach((I,P)=>{I.setAttribute("aria-sort",P!==v?"none":h?"descending":"ascending")}),M()}
function M(){a&&(d=vi(a,t),m!==null&&(d=a.facts.sorted(d,u[m].value,h)),c.textContent=e.rows.replace("{count}",H(d.length)).
replace("{total}",H(a.facts.size)),r.setAttribute("aria-rowcount",String(d.length+1)),g=Math.min(g,Math.max(0,d.length-1)),
s.scrollTop=0,T())}function T(){p=[-1,-1],C()}function C(){if(!a)return;let v=Math.max(0,Math.floor(s.scrollTop/st)-Gn),
S=Math.min(d.length,v+Math.ceil(s.clientHeight/st)+2*Gn);if(v===p[0]&&S===p[1])return;p=[v,S];let I=[];for(let U=v;U<S;U+=
1)I.push(A(a,U));let P=o.contains(document.activeElement);o.replaceChildren(...w(v),...I,...w(d.length-S)),P&&R()}function w(v){
if(!v)return[];let S=x("tr","room"),I=x("td");return I.colSpan=u.length,I.style.height=`${v*st}px`,S.setAttribute("aria-\
hidden","true"),S.append(I),[S]}function A(v,S){let I=d[S],P=x("tr",v.chosen===I?"chosen":"");return P.setAttribute("ari\
a-rowindex",String(S+2)),P.append(...u.map((U,G)=>G===0?O(v,S,U):k(U,I))),P}function O(v,S,I){let P=d[S],U=I.get(P),G=Yn(
I,U),Dt=F(U===null?e.unnamed:U,()=>{g=S,t.fly([v,P])});return Dt.tabIndex=S===g?0:-1,Dt.dataset.at=String(S),G.append(Dt),
G}function k(v,S){var G;let I=v.get(S),P=Yn(v,I),U=(G=v.outcome)==null?void 0:G.call(v,S);return U?P.append(t.verdict(U,
I)):P.textContent=I!=null?I:"",P}function R(){let v=o.querySelector(`button[data-at="${g}"]`);v instanceof HTMLButtonElement&&
v.focus({preventScroll:!0})}function z(v){let S=ki(v.key,d.length);if(!S)return;v.preventDefault(),g=Math.max(0,Math.min(
d.length-1,g+S));let I=g*st;I<s.scrollTop&&(s.scrollTop=I),I+2*st>s.scrollTop+s.clientHeight&&(s.scrollTop=I+2*st-s.clientHeight),
T(),R()}function N(v){l.setAttribute("aria-expanded",String(v)),s.hidden=!v,document.body.classList.toggle("drawn",v),T()}
return i.append(...f.map(v=>B(v.id,v.title))),i.addEventListener("change",()=>{y(f.find(v=>v.id===i.value)),t.noted()}),
o.addEventListener("keydown",z),s.addEventListener("scroll",C),l.addEventListener("click",()=>N(l.getAttribute("aria-exp\
anded")!=="true")),{open:y,refresh:M,unfold:N,mark:T,layer:()=>a,tabled:f}}function Li(t,e){var s;let{facts:n,categories:o}=t,
r=[...n.columns];return(o.length>1||(s=o[0])!=null&&s.outcome)&&r.splice(1,0,{title:e.verdict_or_class,value:i=>n.category[i],
get:i=>o[n.category[i]].title,outcome:i=>o[n.category[i]].outcome}),n.town&&r.push({title:e.town,value:n.town.get,get:n.
town.get}),n.rule&&r.push({title:e.rule,value:n.rule.get,get:n.rule.get}),r}function vi(t,e){var r;let n=(r=e.hits)==null?
void 0:r.get(t.id),o=[];for(let s=0;s<t.facts.size;s+=1)e.seen(t,s)&&(!n||n[s])&&o.push(s);return o}function Ti(t,e,n){let o=x(
"th"),r=F(t.title,n,t.number?"number":"");return o.scope="col",o.style.width=`${Jn(t,e)}px`,o.setAttribute("aria-sort","\
none"),r.title=t.title,o.append(r),o}function Yn(t,e){let n=x("td",t.number?"number":"");return n.title=(e!=null?e:"").slice(
0,Ai),n}function Jn(t,e){return t.number?oe.number:e&&!t.outcome?oe.text:oe.name}function ki(t,e){var o;return(o={ArrowDown:1,
ArrowUp:-1,PageDown:Kn,PageUp:-Kn,Home:-e,End:e}[t])!=null?o:0}var Si=4e3,Ii={zoom_in:"M8 3v10M3 8h10",zoom_out:"M3 8h10",whole:"M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6\
 13.500H2.500V10",measure:"M2 11L11 2l3 3-9 9zM5 8l1.500 1.500M7.500 5.500L9 7M10 3l1.500 1.500",swipe:"M8 2v12M5 5L2 8l\
3 3M11 5l3 3-3 3",print:"M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.500h8V14H4z",save:"M8 2v8M5 7l3 3 3-3M2.500 11v2.500h11V11",link:"\
M7 9l2-2M6 6L3.500 8.500a2.500 2.500 0 0 0 4 4L10 10M6.500 6L9 3.500a2.500 2.500 0 0 1 4 4L10 10"};function to(t,e,n,o,r){
let{map:s,data:i}=t,c={animate:!1};E("tools",HTMLElement).append(Q("zoom_in",t,()=>s.zoomIn(c)),Q("zoom_out",t,()=>s.zoomOut(
c)),Q("whole",t,()=>s.fitBounds(i.bounds,{padding:24,...c})),Qn("measure",t,e.toggle),Qn("swipe",t,n.toggle),Q("print",t,
o.print),Q("save",t,r.save),Q("link",t,()=>Ci(t)))}function Q(t,{words:e},n){let o=F(null,n);return o.title=e[t],o.dataset.
tool=t,o.setAttribute("aria-label",e[t]),o.append(tt("0 0 16 16",[18,18],[["path",{d:Ii[t]}]])),o}function Qn(t,e,n){let o=Q(
t,e,()=>{let r=o.getAttribute("aria-pressed")!=="true";o.setAttribute("aria-pressed",String(r)),n(r)});return o.setAttribute(
"aria-pressed","false"),o}async function Ci({words:t,noted:e}){let n=E("told",HTMLElement);e();try{await navigator.clipboard.
writeText(location.href),n.textContent=t.copied}catch(o){n.textContent=t.in_address}setTimeout(()=>{n.textContent=""},Si)}function no(t){var a,u;let e=zn(t),n=t.layers.map(d=>Pi(d,t)),o=new Map,r=new Map;function s(d){var h;let m=(h=r.get(d))!=
null?h:eo(d,"question");return r.has(d)||(r.set(d,m),E("tree",HTMLElement).append(m.root)),m}function i({question:d,group:m}){
var y,b;let h=`${d}
${m}`,g=o.get(h);if(g)return g;let p={...eo(m),question:d?s(d):null};return((b=(y=p.question)==null?void 0:y.root)!=null?
b:E("tree",HTMLElement)).append(p.root),o.set(h,p),p}function c(d){let{root:m,question:h}=i(d);m.open=!0,h&&(h.root.open=
!0)}let l=t.layers.find(({ranked:d})=>d);l&&i(l);for(let[d,m]of t.layers.entries()){let h=i(m);h.layers.push(m),(a=h.question)==
null||a.layers.push(m),h.root.append(n[d].root),m.on&&c(m)}function f(){for(let{total:d,layers:m}of[...o.values(),...r.values()])
d.textContent=`${m.filter(h=>h.on).length}/${m.length}`;for(let d of n)d.refresh();e()}return(u=t.map)==null||u.on("zoom\
end",()=>n.forEach(d=>d.hint())),{refresh:f,reveal:d=>c(d)}}function eo(t,e=""){let n=x("details",e),o=x("summary"),r=x(
"b");return o.append(x("span","",t),r),n.append(o),{root:n,total:r,layers:[]}}function Pi(t,e){let n=x("div","leaf"),o=x(
"label","key"),r=x("input"),s=x("b"),i=x("p","small hint",e.words.near);r.type="checkbox",r.dataset.layer=t.id,r.addEventListener(
"change",()=>e.turn(t,r.checked));let c=$i(t,e),l=[],f=null;function a(){let m=t.categories.length===1&&(!t.forms.length||
t.categories[0].title===t.title);o.replaceChildren(r,...m?[Y(t.categories[0].look)]:[],x("span","",t.title),s),l=m?[]:Ri(
t,e);let h=x("div","classes");h.append(...l.map(({row:g})=>g)),n.replaceChildren(o,i,...m?[]:[h],c),f=t.categories}function u(){
i.hidden=!e.map||!t.on||e.map.getZoom()>=t.least_zoom}function d(){let{left:m,facts:h}=t;t.categories!==f&&a(),n.hidden=
!t.categories.length,n.classList.toggle("on",t.on),r.checked=t.on;let g=m===h.size?H(m):`${H(m)}/${H(h.size)}`;s.textContent=
["picture","reached"].includes(t.shape.kind)?"":g,l.forEach(({row:p,number:y},b)=>{var M;p.hidden=t.hidden.has(b),y.textContent=
(M=t.categories[b].told)!=null?M:H(t.counted[b])}),u()}return d(),{root:n,refresh:d,hint:u}}function Ri(t,e){return t.categories.
map(({title:n,outcome:o,look:r})=>{let s=x("div","key"),i=x("b"),c=x("span","",o?null:n);return o&&c.append(e.verdict(o,
n)),s.append(Y(r),c,i),{row:s,number:i}})}function $i(t,e){let{words:n}=e,o=x("label","strength",n.opacity),r=x("input");
return Object.assign(r,{type:"range",min:0,max:100,value:100*t.strength}),r.setAttribute("aria-label",`${n.opacity}: ${t.
title}`),r.addEventListener("input",()=>{t.strength=r.valueAsNumber/100,e.restyle(t)}),o.append(r),o}var Hi=60;function oo(t,e){let{data:n,layers:o}=t,{views:r}=n,s=Array.from(document.querySelectorAll("[data-view]")),i=Array.
from(document.querySelectorAll("#views input")),c=new Set(r.flatMap(d=>d.layers));function l(){var h;let d=(h=i.find(({checked:g})=>g))==
null?void 0:h.closest("label"),m=d==null?void 0:d.parentElement;d&&m&&(d.offsetTop<m.scrollTop||Di(d)>m.scrollTop+m.clientHeight)&&
(m.scrollTop=d.offsetTop-Hi)}function f(d){var h,g,p;if(d===t.view)return;t.view=d;for(let y of s)y.hidden=y.dataset.view!==
d.id;for(let y of i)y.checked=y.value===d.id;l(),t.card.close();for(let y of o.filter(({id:b})=>c.has(b)))et(y,d.layers.
includes(y.id),t);for(let y of o.filter(b=>Ke(b,d.id)))e.recount(y),t.shares().forEach(b=>b.remake(y));t.tree.refresh();
let m=o.find(y=>y.on&&y.tabled&&y.ranked);t.table.open((h=t.table.layer())!=null&&h.on?(g=t.table.layer())!=null?g:void 0:
m),n.alt=d.alt,(p=t.map)==null||p.getCanvas().setAttribute("aria-label",d.alt),t.noted()}function a(d){let m=r.find(h=>h.
id===d||encodeURI(h.id)===d||encodeURIComponent(h.id)===d);return m&&f(m),!!m}function u(d){var T;let[,m,h]=(T=/^([a-z]+)-(\d+)$/.
exec(d))!=null?T:[],g=[t.view,...r].find(C=>C&&m in C.spots);if(!g)return null;let[p,y]=g.spots[m],b=o.find(C=>C.id===p),
M=Number(h)-y;return!b||M<0||M>=b.facts.size?null:(f(g),[b,M])}l(),E("more",HTMLElement).addEventListener("click",l);for(let d of i)
d.addEventListener("change",()=>a(d.value));for(let d of document.querySelectorAll(".gaps button")){let m=o.find(({id:h})=>h===
d.dataset.layer);m&&d.addEventListener("click",()=>t.fly([m,Number(d.dataset.row)]))}return{chooseBy:a,bring:([d,m])=>{a(
Ye(d,m))},featureAt:u,id:()=>r.length>1&&t.view?t.view.id:null}}function Di(t){return t.offsetTop+t.offsetHeight}var zi="(max-width: 760px), (max-height: 480px)";Ni();async function Ni(){let t=await Ut("payload"),e=Ve(await Ut("facts\
-of-layers")),n=t.layers.map((f,a)=>Ge(f,e[a],t.view)),o=await sn(t);o?o.on("movestart",({originalEvent:f})=>{f&&Ui(o)}):
(E("told",HTMLElement).textContent=t.words.no_webgl,Fi(),document.documentElement.dataset.ready="table");let r=_i(t,n,o),
s=se(r),i=oo(r,s),c=ie(r,s,i);r.bring=i.bring,r.tally=s.tally,r.noted=c.write,bn(r),ji(r),o||(r.card=_e(r));let l=o?Bi(r):
[];window.matchMedia(zi).matches&&(r.table.unfold(!1),o==null||o.resize()),t.first&&!location.hash&&history.replaceState(
null,"",`#see=${encodeURIComponent(t.first)}`),c.follow(),window.addEventListener("hashchange",c.follow),window.mainMap=
o,o&&(o.on("moveend",c.write),await Promise.all(l),o.once("idle",()=>{io(o),o.once("idle",()=>{so(),document.documentElement.
dataset.ready="yes"})}),o.triggerRepaint())}function Ui(t){E("still",HTMLImageElement).hidden||(so(),io(t))}function so(){
E("still",HTMLImageElement).hidden=!0}function io(t){t.setPixelRatio(void 0)}function Fi(){let t=E("still",HTMLImageElement);
t.classList.remove("waiting"),t.hidden=!1}function _i(t,e,n){let o=new Map(t.rules),r=()=>{},i={data:t,words:t.words,layers:e,
map:n,first:Rn,swipe:null,card:{show:r,close:r},hits:null,selected:null,view:t.views.find(({id:c})=>c===t.view),bring:r,
tally:r,noted:r,laid:r,busy:()=>!1,shares:()=>{var c;return[i.first,(c=i.swipe)==null?void 0:c.second()].filter(Boolean)},
seen:(c,l)=>c.facts.category[l]>=0&&!c.hidden.has(c.facts.category[l])&&(!c.mask||c.mask[l]===1),restyle:c=>i.shares().forEach(
l=>l.restyle(c)),turn:(c,l)=>Vi(i,c,l),choose:c=>qi(i,c),fly:c=>Zi(i,c),open:c=>Wi(i,c),speak:c=>Gi(i,c),mapAt:c=>i.swipe?
i.swipe.at(c):n,verdict:(c,l)=>Ki(t,c,l),ruleTitle:c=>{var l;return c===null?null:(l=o.get(c))!=null?l:c}};return i.tree=
no(i),i.table=Xn(i),i}function Bi(t){let{map:e}=t;An(),t.first=Ct(e,t),t.card=Be(t);let n=wn(t);t.busy=n.on,t.swipe=Vn(t);
let o=on(t);return t.laid=o.laid,e.on("error",({sourceId:r,error:s})=>{r!=null&&r.startsWith("ground|")?o.failed():console.
error(s)}),to(t,n,t.swipe,an(t),_n(t)),t.layers.filter(r=>r.on).map(r=>t.first.show(r))}function ji(t){let e=E("only",HTMLInputElement);
e.addEventListener("change",()=>E("tree",HTMLElement).classList.toggle("only",e.checked)),E("more",HTMLElement).addEventListener(
"click",()=>t.open(!document.body.classList.contains("open")))}function Wi({words:t},e){let n=E("more",HTMLElement);document.
body.classList.toggle("open",e),n.setAttribute("aria-expanded",String(e)),n.textContent=e?t.less:t.more}function Vi(t,e,n){
var o;e.on=n,(o=t.swipe)!=null&&o.on()?t.swipe.apply():n?t.first.show(e):t.first.hide(e),t.tree.refresh(),t.tally(),t.noted()}
function qi(t,e){let n=t.selected;t.selected=e,ro(t,n,!1),ro(t,e,!0),t.table.mark(),t.noted()}function ro(t,e,n){if(e){let[
o,r]=e;o.chosen=n?r:null,t.shares().forEach(s=>s.choose(o,r,n));for(let s of t.layers.filter(({companion:i,of:c})=>i&&c===
o.id))t.shares().forEach(i=>i.remake(s))}}function Zi(t,[e,n]){var o;e.facts.category[n]<0&&t.bring([e,n]),e.on||(t.turn(
e,!0),t.tree.reveal(e)),t.open(!1),(o=t.map)==null||o.jumpTo({center:[e.facts.lon[n],e.facts.lat[n]],zoom:Math.max(t.data.
least,e.facts.flown(n))}),t.card.show([[e,n]],[e.facts.lon[n],e.facts.lat[n]])}function Gi({words:t},[e,n]){let{title:o,
outcome:r}=e.categories[e.facts.category[n]],s=r||e.categories.length>1?o:"",i=[e.facts.name(n)||t.unnamed,e.title,s];E(
"spoken",HTMLElement).textContent=i.filter(Boolean).join(", ")}function Ki(t,e,n){let o=t.outcomes[e],r=x("span","outcom\
e");return r.style.setProperty("--tone",o.colour),r.append(tt("0 0 16 16",[16,16],[["path",{d:o.sign}]],"sign"),n||o.word),
r}})();
