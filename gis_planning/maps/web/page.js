"use strict";(()=>{var io=Object.defineProperty;var co=(t,e,n)=>e in t?io(t,e,{enumerable:!0,configurable:!0,writable:!0,value:n}):t[e]=n;var P=(t,e,n)=>co(t,typeof e!="symbol"?e+"":e,n);var ao="http://www.w3.org/2000/svg";function x(t,e){let n=document.getElementById(t);if(!(n instanceof e))throw new Error(
`the page has no ${e.name} called ${t}`);return n}function M(t,e="",n=null){let o=document.createElement(t);return e&&(o.
className=e),n!==null&&(o.textContent=n),o}function N(t,e,n=""){let o=M("button",n,t);return o.type="button",o.addEventListener(
"click",e),o}function B(t,e){let n=M("option","",e);return n.value=t,n}function tt(t,[e,n],o,r=""){let s=re("svg",{viewBox:t,
width:e,height:n,"aria-hidden":"true"});return r&&s.setAttribute("class",r),s.append(...o.map(([i,c])=>re(i,c))),s}function re(t,e){
let n=document.createElementNS(ao,t);for(let[o,r]of Object.entries(e))n.setAttribute(o,String(r));return n}function R(t){
return t.toLocaleString("en")}function se(t){let{layers:e,words:n}=t,o=Array.from(document.querySelectorAll("#outcomes input")),r=x("rule",HTMLSelectElement),
s=x("topic",HTMLSelectElement),i=x("borderline",HTMLInputElement),c=x("town",HTMLSelectElement);function l(){return o.filter(
m=>!m.checked).map(m=>m.value)}function f(m){let y=[r.value,s.value,i.checked?i.id:""].filter(Boolean);m.hidden=lo(m,new Set(
l())),m.mask=fo(m,{rule:r.value,topics:y,town:c.value}),m.counted=uo(m,t),m.left=m.counted.reduce((p,g)=>p+g,0)}function a(){
for(let m of e){f(m);for(let y of t.shares())y.restyle(m),y.mask(m)}t.tree.refresh(),t.table.refresh(),u(),t.noted()}function u(){
let m=e.filter(w=>w.on&&w.tabled&&w.categories.some(({outcome:E})=>E)),y=m.reduce((w,E)=>w+E.left,0),p=m.reduce((w,E)=>w+
E.facts.size,0),g=n.tally.replace("{count}",R(y)).replace("{total}",R(p));x("tally",HTMLElement).textContent=e.length?m.
length?g:"":n.no_layers}function d(){if(r.value){for(let m of e.filter(y=>y.rules.length))et(m,m.rules.includes(r.value),
t);t.table.open(e.find(({on:m,tabled:y,rules:p,facts:g})=>m&&y&&(p.includes(r.value)||g.rule)))}a()}function h(){e.filter(
({id:m})=>m===`line.${s.value}`).forEach(m=>et(m,!0,t)),a()}return o.forEach(m=>m.addEventListener("change",a)),r.addEventListener(
"change",d),s.addEventListener("change",h),i.addEventListener("change",a),c.addEventListener("change",a),{narrow:a,recount:f,
tally:u,refused:l,rule:()=>r.value,topic:()=>s.value,borderline:()=>i.checked,town:()=>c.value,set:m=>{var p,g,w,E;let y=((p=
m.get("hide"))!=null?p:"").split(",");for(let v of o)v.checked=!y.includes(v.value);Ht(r,(g=m.get("rule"))!=null?g:""),Ht(
s,(w=m.get("line"))!=null?w:""),Ht(c,(E=m.get("town"))!=null?E:""),i.checked=m.has("borderline"),a()}}}function et(t,e,n){
e!==t.on&&(n.turn(t,e),e&&n.tree.reveal(t))}function Ht(t,e){t.value=e,t.selectedIndex<0&&(t.value="")}function lo({categories:t},e){
return new Set([...t.keys()].filter(n=>{var o;return e.has((o=t[n].outcome)!=null?o:"")}))}function fo({facts:t,rules:e},{
rule:n,topics:o,town:r}){var f;let s=t.topics&&o.length?t.topics(o):null,i=!t.topics&&n&&(t.rule||e.length),c=r&&t.town;
if(!i&&!s&&!c)return null;let l=new Uint8Array(t.size);for(let a=0;a<t.size;a+=1){let u=!i||(t.rule?t.rule.get(a)===n:e.
includes(n));l[a]=u&&(!s||s(a))&&(!c||((f=t.town)==null?void 0:f.get(a))===r)?1:0}return l}function uo(t,e){let n=t.categories.
map(()=>0);for(let o=0;o<t.facts.size;o+=1)e.seen(t,o)&&(n[t.facts.category[o]]+=1);return n}function ie(t,e,n){let{map:o,layers:r}=t,s=!0;function i(){var d;if(s||!o)return;let l=o.getCenter(),f=r.filter(h=>h.on).
map(({id:h})=>h),a={at:`${o.getZoom().toFixed(2)}/${l.lat.toFixed(5)}/${l.lng.toFixed(5)}`,...V("view",n.id()),on:f.join(
","),...V("hide",e.refused().join(",")),...V("rule",e.rule()),...V("line",e.topic()),...V("borderline",e.borderline()&&"\
yes"),...V("town",e.town()),...V("table",(d=t.table.layer())==null?void 0:d.id),...V("see",t.selected&&`${t.selected[0].
id}.${t.selected[1]}`)},u=Object.entries(a).map(([h,m])=>`${h}=${encodeURIComponent(m)}`);history.replaceState(null,"",`\
#${u.join("&")}`)}function c(){var m,y,p;let l=location.hash.slice(1),f=mo(l,t),a=ce(f?"":l),u=ho(a.get("at")),d=a.get("\
on");s=!0,n.chooseBy((m=a.get("view"))!=null?m:l),d!==void 0&&r.forEach(g=>et(g,d.split(",").includes(g.id),t)),e.set(a),
o&&u&&o.jumpTo(u),t.table.open((y=r.find(({id:g,tabled:w})=>w&&g===a.get("table")))!=null?y:go(t));let h=(p=f!=null?f:po(
a.get("see"),t))!=null?p:n.featureAt(l);h&&(t.fly(h),o&&u&&o.jumpTo(u)),s=!1,i()}return{write:i,follow:c}}function V(t,e){
return e?{[t]:e}:{}}function ce(t){let e=new Map;for(let n of t.split("&").filter(o=>o.includes("="))){let o=n.indexOf("\
=");try{e.set(n.slice(0,o),decodeURIComponent(n.slice(o+1)))}catch(r){}}return e}function ho(t){let[e,n,o]=(t!=null?t:"").
split("/").map(Number);return t&&Number.isFinite(e)&&Math.abs(n)<=85&&Math.abs(o)<=180?{zoom:e,center:[o,n]}:null}function mo(t,e){
var o,r;let[[,n=""]=[]]=ce(`name=${t}`);for(let s of n?e.layers:[]){let i=(r=(o=s.facts.anchors)==null?void 0:o.indexOf(
n))!=null?r:-1;if(i>=0)return[s,i]}return null}function po(t,e){var s;let[,n,o]=(s=/^(.+)\.(\d+)$/.exec(t!=null?t:""))!=
null?s:[],r=e.layers.find(i=>i.id===n);return r&&Number(o)<r.facts.size?[r,Number(o)]:null}function go({table:t}){var o,
r,s,i;let e=t.tabled.filter(c=>c.on),n=e.filter(c=>c.ranked||c.categories.some(({outcome:l})=>l));return(i=(s=(r=(o=t.layer())!=
null?o:n.find(c=>!c.of))!=null?r:n[0])!=null?s:e[0])!=null?i:t.tabled[0]}function gt(t){let e=0;return()=>{let n=0,o=1;for(;t[e]>127;e+=1)n+=(t[e]-128)*o,o*=128;return n+=t[e]*o,e+=1,n%2?-(n+1)/
2:n/2}}var yo=[[],[0,3],[1,0],[1,3],[2,1],[0,3,2,1],[2,0],[2,3],[3,2],[0,2],[1,0,3,2],[1,2],[3,1],[0,1],[3,0],[],[0,1,2,3],[3,0,
1,2]];function ae({width:t,height:e,value:n},o,r){let s=new Map;for(let c=0;c+1<e;c+=1)for(let l=0;l+1<t;l+=1){let f=c*t+
l,a=yo[wo(n,f,t)],u=[2*f,2*(f+1)+1,2*(f+t),2*f+1];for(let d=0;d<a.length;d+=2)s.set(u[a[d]],u[a[d+1]])}let i=[];for(;s.size;){
let[c]=s.keys(),l=[];for(let f=c,a=s.get(f);a!==void 0;f=a,a=s.get(f))l.push(bo(f,{width:t,height:e,value:n},o,r)),s.delete(
f);i.push(l)}return Mo(i)}function wo(t,e,n){let[o,r,s,i]=[t[e],t[e+1],t[e+n+1],t[e+n]],c=(o<=0?1:0)+(r<=0?2:0)+(s<=0?4:
0)+(i<=0?8:0);return(c===5||c===10)&&o+r+s+i<=0?c===5?16:17:c}function bo(t,{width:e,value:n},o,r){let s=t>>1,i=t%2===1,
[c,l]=[s%e,Math.floor(s/e)],[f,a]=[n[s],n[s+(i?e:1)]],u=r(c,l,i),d=f/(f-a);if(u){let[h,m]=u;d=f<=0?h*(-f/o):1-(1-m)*(-a/
o)}return d=Math.min(Math.max(d,1e-4),1-1e-4),i?[c,l+d]:[c+d,l]}function Mo(t){var r;let e=t.map(s=>({ring:s,area:Dt(s)})),
n=e.filter(({area:s})=>s>0).sort((s,i)=>s.area-i.area),o=n.map(({ring:s})=>[s]);for(let{ring:s}of e.filter(({area:i})=>i<
0)){let i=n.findIndex(c=>xo(c.ring,s[0]));(r=o[i])==null||r.push(s)}return o}function Dt(t){let e=0;return t.forEach(([n,
o],r)=>{let[s,i]=t[(r+1)%t.length];e+=n*i-s*o}),e/2}function xo(t,[e,n]){let o=!1;return t.forEach(([r,s],i)=>{let[c,l]=t[(i+
1)%t.length];s>n!=l>n&&e<r+(n-s)/(l-s)*(c-r)&&(o=!o)}),o}function yt({x0:t,y0:e,x1:n,y1:o,size:r},s,[i,c,l,f]){let a=Math.max(1,Math.ceil((l-i)/s)),u=Math.max(1,Math.ceil((f-c)/
s));function d(p,g){let[w,E]=t[p]<n[p]?[t[p],n[p]]:[n[p],t[p]],v=Math.max(0,Math.floor((w-i)/s)),I=Math.min(a-1,Math.floor(
(E-i)/s)),b=E>w?(o[p]-e[p])/(n[p]-t[p]):0;for(let k=v;k<=I;k+=1){let[O,S]=[e[p],o[p]];if(E>w){let D=Math.max(w,i+k*s),A=Math.
min(E,i+(k+1)*s);O=e[p]+b*(D-t[p]),S=e[p]+b*(A-t[p])}let _=Math.max(0,Math.floor((Math.min(O,S)-1e-6-c)/s)),U=Math.min(u-
1,Math.floor((Math.max(O,S)+1e-6-c)/s));for(let D=_;D<=U;D+=1)g(D*a+k)}}let h=new Int32Array(a*u+1);for(let p=0;p<r;p+=1)
d(p,g=>{h[g+1]+=1});for(let p=0;p<a*u;p+=1)h[p+1]+=h[p];let m=new Int32Array(h[a*u]),y=h.slice();for(let p=0;p<r;p+=1)d(
p,g=>{m[y[g]]=p,y[g]+=1});return{side:s,first:h,held:m,columns:a,rows:u,column:p=>Math.floor((p-i)/s),row:p=>Math.floor(
(p-c)/s)}}var Eo=1,Ao=1e-6;function fe(t,e,n){let o=t.filter(({lines:a})=>a.some(u=>Lo(u,e))),r=o.flatMap(({lines:a})=>a.flatMap(u=>u.
slice(1).map((d,h)=>[u[h],d]))),s=a=>Float64Array.from(r,a),i={size:r.length,x0:s(([[a]])=>a),y0:s(([[,a]])=>a),x1:s(([,
[a]])=>a),y1:s(([,[,a]])=>a)},c=r.length?yt(i,n,e):null;function l(a,u,d,h){if(!c)return null;let{columns:m,rows:y,first:p,
held:g,column:w,row:E}=c,[v,I]=le(w(a),w(d),m),[b,k]=le(E(u),E(h),y),O=null;for(let S=b;S<=k;S+=1)for(let _=p[S*m+v];_<p[S*
m+I+1];_+=1){let U=f(a,u,d,h,g[_]);U!==null&&(O=O?[Math.min(O[0],U),Math.max(O[1],U)]:[U,U])}return O}function f(a,u,d,h,m){
let[y,p]=[d-a,h-u],[g,w]=[i.x1[m]-i.x0[m],i.y1[m]-i.y0[m]],[E,v]=[i.x0[m]-a,i.y0[m]-u],I=y*w-p*g;if(I===0)return null;let b=(E*
w-v*g)/I,k=(E*p-v*y)/I;return b>=0&&b<=1&&k>=0&&k<=1?b:null}return{crossed:(a,u,d)=>{let h=1-Eo/d.gap,m=h>0?l(a,u,a+h*(d.
x-a),u+h*(d.y-u)):null;return m!==null&&m[1]>Ao},between:(a,u,d,h)=>l(a,u,a+(h?0:d),u+(h?d:0)),wet:a=>{let u=new Uint8Array(
a.size);return o.filter(({land:d})=>d).forEach(({lines:d})=>ko(d,a,u)),u}}}function le(t,e,n){let[o,r]=t<e?[t,e]:[e,t];return[
Math.max(0,o),Math.min(n-1,r)]}function Lo(t,[e,n,o,r]){let[s,i]=[t.map(([f])=>f),t.map(([,f])=>f)],c=f=>f.reduce((a,u)=>Math.
min(a,u),1/0),l=f=>f.reduce((a,u)=>Math.max(a,u),-1/0);return c(s)<=o&&l(s)>=e&&c(i)<=r&&l(i)>=n}function ko(t,{left:e,bottom:n,
width:o,height:r,cell:s},i){let c=Array.from({length:r},()=>[]);for(let l of t)for(let f=0;f+1<l.length;f+=1){let[[a,u],
[d,h]]=[l[f],l[f+1]],m=Math.max(0,Math.ceil(Math.min(u,h)/s)-n),y=Math.min(r,Math.ceil(Math.max(u,h)/s)-n);for(let p=m;p<
y;p+=1){let g=(n+p)*s;c[p].push(a+(g-u)/(h-u)*(d-a))}}c.forEach((l,f)=>{l.sort((a,u)=>a-u);for(let a=0;a+1<l.length;a+=2){
let u=Math.max(0,Math.ceil(l[a]/s)-e),d=Math.min(o,Math.floor(l[a+1]/s)-e+1);d>u&&i.fill(1,f*o+u,f*o+d)}})}var vo=64,To=50;function me(t,e,n){let{limits:o,minutes:r,cell:s,factor:i,longest:c}=n;if(!e.length)return[];let l=s*Math.
SQRT2*i,f=So(t,e,i,Math.max(...o)+l),a=c+2*s,u=new Set(e.map(({edge:S})=>S)),{u:d,v:h}=t,m=de(t,S=>f[d[S]]<1/0||f[h[S]]<
1/0||u.has(S)),y=he(Po(m),a),p=he(y,a),g=de(t,S=>$o(t,S,p)),w=yt(g,Math.max(To,s),p),E=fe(t.barriers,p,w.side),v=Ro(y,s),
[I,b]=[new Float64Array(v.size).fill(1/0),new Float64Array(v.size).fill(1/0)],k=E.wet(v),O=Ho(w,m,a);for(let S=0;S<v.size;S+=
1){let _=(v.left+S%v.width)*s,U=(v.bottom+Math.floor(S/v.width))*s;if(!k[S]&&O[w.row(U)*w.columns+w.column(_)]){let D=Do(
_,U,g,w,a,E);D&&(I[S]=D.gap*i+Io(t,f,e,i,D),b[S]=(D.gap-c)*i)}}return o.map((S,_)=>{let U=I.map((A,T)=>Math.min(Math.max(
A-S,b[T],-l),l)),D=ae({...v,value:U},l,(A,T,C)=>E.between((v.left+A)*s,(v.bottom+T)*s,s,C));return{minutes:r[_],...Oo(D,
v,s)}})}function Oo(t,{left:e,bottom:n},o){let r=t.map(s=>s.map(i=>i.map(([c,l])=>[(e+c)*o,(n+l)*o])));return{area:r.flat().
reduce((s,i)=>s+Dt(i),0),polygons:r}}function So({x:t,u:e,v:n,along:o,against:r,length:s,arcs:i},c,l,f){let a=new Float64Array(
t.length).fill(1/0),u=[];function d(h,m){m<a[h]&&m<=f&&(a[h]=m,Co(u,{node:h,cost:m}))}for(let{edge:h,offset:m,access:y}of c){
let p=wt(m,s[h]);d(e[h],y*l+nt(o[h],p)),d(n[h],y*l+nt(r[h],1-p))}for(let h=ue(u);h;h=ue(u)){let{node:m,cost:y}=h;if(y===
a[m])for(let p=i.first[m];p<i.first[m+1];p+=1){let g=i.edge[p];n[g]===m&&d(e[g],y+o[g]),e[g]===m&&d(n[g],y+r[g])}}return a}
function Co(t,e){let n=t.length;for(t.push(e);n>0;){let o=n-1>>1;if(t[o].cost<=e.cost)break;t[n]=t[o],n=o}t[n]=e}function ue(t){
let[e]=t,n=t.pop();if(n&&t.length){let o=0;for(let r=1;r<t.length&&(r+1<t.length&&t[r+1].cost<t[r].cost&&(r+=1),!(t[r].cost>=
n.cost));r=2*o+1)t[o]=t[r],o=r;t[o]=n}return e}function nt(t,e){return e>0?t*e:0}function wt(t,e){return e>0?Math.min(Math.
max(t/e,0),1):0}function Io({u:t,v:e,along:n,against:o,length:r},s,i,c,{edge:l,share:f}){let a=Math.min(s[t[l]]+nt(o[l],
f),s[e[l]]+nt(n[l],1-f));for(let u of i)if(u.edge===l){let d=wt(u.offset,r[l])-f,h=d>=0?nt(n[l],d):nt(o[l],-d);a=Math.min(
a,u.access*c+h)}return a}function $o({first:t,px:e,py:n},o,[r,s,i,c]){let[l,f,a,u]=[1/0,1/0,-1/0,-1/0];for(let d=t[o];d<
t[o+1];d+=1)l=Math.min(l,e[d]),a=Math.max(a,e[d]),f=Math.min(f,n[d]),u=Math.max(u,n[d]);return l<=i&&a>=r&&f<=c&&u>=s}function de({
u:t,first:e,px:n,py:o,at:r,length:s},i){let c=[],l=[];for(let a=0;a<t.length;a+=1)if(i(a))for(let u=e[a];u+1<e[a+1];u+=1)
c.push(u),l.push(a);let f=a=>Float64Array.from(c,a);return{size:c.length,x0:f(a=>n[a]),y0:f(a=>o[a]),x1:f(a=>n[a+1]),y1:f(
a=>o[a+1]),edge:Int32Array.from(l),from:f((a,u)=>wt(r[a],s[l[u]])),to:f((a,u)=>wt(r[a+1],s[l[u]]))}}function Po({x0:t,y0:e,
x1:n,y1:o,size:r}){let s=[1/0,1/0,-1/0,-1/0];for(let i=0;i<r;i+=1)s[0]=Math.min(s[0],t[i],n[i]),s[1]=Math.min(s[1],e[i],
o[i]),s[2]=Math.max(s[2],t[i],n[i]),s[3]=Math.max(s[3],e[i],o[i]);return s}function he([t,e,n,o],r){return[t-r,e-r,n+r,o+
r]}function Ro([t,e,n,o],r){let s=Math.ceil(t/r),i=Math.ceil(e/r),c=Math.floor(n/r)-s+1,l=Math.floor(o/r)-i+1;return{left:s,
bottom:i,width:c,height:l,size:c*l,cell:r}}function Ho({columns:t,rows:e,column:n,row:o,side:r},{x0:s,y0:i,x1:c,y1:l,size:f},a){
let u=new Uint8Array(t*e),d=Math.ceil(a/r),h=new Uint8Array(t*e);for(let m=0;m<f;m+=1){let[y,p]=[n(Math.min(s[m],c[m])),
n(Math.max(s[m],c[m]))],[g,w]=[o(Math.min(i[m],l[m])),o(Math.max(i[m],l[m]))];for(let E=g;E<=w;E+=1)h.fill(1,E*t+y,E*t+p+
1)}return h.forEach((m,y)=>{if(m){let[p,g]=[y%t,Math.floor(y/t)];for(let w=Math.max(0,g-d);w<=Math.min(e-1,g+d);w+=1){let E=w*
t;u.fill(1,E+Math.max(0,p-d),E+Math.min(t-1,p+d)+1)}}}),u}function Do(t,e,n,o,r,s){let i=-1,c=r;pe(t,e,o,r,f=>{let a=ye(
t,e,n,f);return a<c&&(i=f,c=a),c});let l=i<0?null:we(t,e,n,i);return l&&s.crossed(t,e,l)?zo(t,e,n,o,r,s):l}function zo(t,e,n,o,r,s){
var l;let i=new Map;return pe(t,e,o,r,f=>{var u,d;let a=we(t,e,n,f);return a.gap<=r&&a.gap<((d=(u=i.get(a.edge))==null?void 0:
u.gap)!=null?d:1/0)&&i.set(a.edge,a),r}),(l=[...i.values()].sort((f,a)=>f.gap-a.gap).slice(0,vo).find(f=>!s.crossed(t,e,
f)))!=null?l:null}function pe(t,e,{column:n,row:o,columns:r,rows:s,side:i,first:c,held:l},f,a){let[u,d]=[n(t),o(e)],h=f;
for(let m=0;m===0||(m-1)*i<h;m+=1)for(let y=Math.max(0,d-m);y<=Math.min(s-1,d+m);y+=1){let p=Math.abs(y-d)===m;for(let g=u-
m;g<=u+m;g+=p||!m?1:2*m)if(g>=0&&g<r){let w=y*r+g;for(let E=c[w];E<c[w+1];E+=1)h=a(l[E])}}}function ge(t,e,{x0:n,y0:o,x1:r,
y1:s},i){let c=r[i]-n[i],l=s[i]-o[i],f=c*c+l*l,a=f>0?((t-n[i])*c+(e-o[i])*l)/f:0;return Math.min(Math.max(a,0),1)}function ye(t,e,n,o){
let{x0:r,y0:s,x1:i,y1:c}=n,l=ge(t,e,n,o),f=t-r[o]-l*(i[o]-r[o]),a=e-s[o]-l*(c[o]-s[o]);return Math.sqrt(f*f+a*a)}function we(t,e,n,o){
let{x0:r,y0:s,x1:i,y1:c,edge:l,from:f,to:a}=n,u=ge(t,e,n,o);return{edge:l[o],share:f[o]+u*(a[o]-f[o]),gap:ye(t,e,n,o),x:r[o]+
u*(i[o]-r[o]),y:s[o]+u*(c[o]-s[o])}}function be(t,e){let[n,o,r,s,i]=F(5,t),[c,l]=Uo(n,t,e),f=Int32Array.from(Me(F(o,t))),a=Int32Array.from(F(o,t),(w,E)=>f[E]+
w),u=F(o,t),d=F(o,t),h=F(o,t),m=F(o,t),y=No({x:c,y:l,u:f,v:a},m,t,e),p=new Float64Array(o),g=new Float64Array(o);for(let w=0;w<
o;w+=1){let E=d[w]*e+Math.round(y.length[w]/e)*e;p[w]=u[w]===2?1/0:E,g[w]=u[w]===1?1/0:E+h[w]*e}return{x:c,y:l,u:f,v:a,along:p,
against:g,...y,arcs:Fo(n,f,a),ways:_o(F(r,t),s,t,e),barriers:Bo(i,t,e)}}function F(t,e){return Array.from({length:t},e)}
function Me(t){let e=0;return t.map(n=>(e+=n,e))}function Uo(t,e,n){let o=new Float64Array(t),r=new Float64Array(t),[s,i]=[
0,0];for(let c=0;c<t;c+=1)s+=e(),i+=e(),o[c]=s*n,r[c]=i*n;return[o,r]}function No({x:t,y:e,u:n,v:o},r,s,i){let c=new Int32Array(
r.length+1);r.forEach((h,m)=>{c[m+1]=c[m]+h+2});let l=c[r.length],[f,a,u]=[new Float64Array(l),new Float64Array(l),new Float64Array(
l)],d=new Float64Array(r.length);for(let h=0;h<r.length;h+=1){let[m,y]=[c[h],c[h+1]-1];[f[m],a[m],f[y],a[y]]=[t[n[h]],e[n[h]],
t[o[h]],e[o[h]]];for(let p=m+1;p<y;p+=1)f[p]=f[p-1]+s()*i,a[p]=a[p-1]+s()*i;for(let p=m+1;p<=y;p+=1)u[p]=u[p-1]+Math.hypot(
f[p]-f[p-1],a[p]-a[p-1]);d[h]=u[y]}return{first:c,px:f,py:a,at:u,length:d}}function Fo(t,e,n){let o=new Int32Array(t+1);
for(let i of[e,n])for(let c of i)o[c+1]+=1;for(let i=0;i<t;i+=1)o[i+1]+=o[i];let r=new Int32Array(2*e.length),s=o.slice();
for(let i of[e,n])i.forEach((c,l)=>{r[s[c]]=l,s[c]+=1});return{first:o,edge:r}}function _o(t,e,n,o){let r=Me(F(e,n)),s=F(
e,n),i=F(e,n),c=0;return t.map(l=>{let f=Array.from({length:l},(a,u)=>c+u);return c+=l,f.map(a=>({edge:r[a],offset:s[a]*
o,access:i[a]*o}))})}function Bo(t,e,n){let o=F(t,e),r=F(t,e),s=F(r.reduce((f,a)=>f+a,0),e),[i,c,l]=[0,0,0];return r.map(
(f,a)=>({land:o[a]===1,lines:Array.from({length:f},()=>(l+=1,Array.from({length:s[l-1]},()=>(i+=e(),c+=e(),[i*n,c*n]))))}))}
function xe({middle:t,half:e,power:n,lon:o,lat:r},[s,i]){let c=(s-t[0])/e[0],l=(i-t[1])/e[1],f=[0,0],a=0;for(let u=0,d=1;u<=
n;u+=1,d*=c)for(let h=0,m=d;h<=n-u;h+=1,m*=l,a+=1)f[0]+=o[a]*m,f[1]+=r[a]*m;return f}function jo(t){let e=t.endsWith("==")?2:t.endsWith("=")?1:0,n=new Uint8Array(t.length/4*3-e);for(let o=0,r=0;o<t.length;o+=
262144){let s=atob(t.slice(o,o+262144));for(let i=0;i<s.length;i+=1)n[r+i]=s.charCodeAt(i);r+=s.length}return n}var Ee=new Map;
function K(t){var r;let e=Ee.get(t);if(e)return e;let n=document.getElementById(t);if(n===null)throw new Error(`the page\
 holds no ${t}`);n.remove();let o=jo(((r=n.textContent)!=null?r:"").trim());return n.dataset.shared&&Ee.set(t,o),o}function Ae(t){
return new Response(new Blob([t]).stream().pipeThrough(new DecompressionStream("gzip")))}async function it(t){return Ae(
t).arrayBuffer()}async function zt(t){return Ae(K(t)).json()}var Wo=.005,Le=new Map,ke=new Map,ct=null;function bt(t,e,n,o){var i;let r=(i=e.network_of[o!=null?o:""])!=null?i:0,s=`${t}\
 ${r} ${n}`;return(ct==null?void 0:ct.key)!==s&&(ct={key:s,areas:qo(t,e,r,n)}),ct.areas}async function qo(t,e,n,o){let r=e.
networks[n],s=await Vo(t,e,n);return me(s,s.ways[o],r).map(({area:i,polygons:c},l)=>({row:l,area:i,coordinates:c.map(f=>f.
map(a=>[...a,a[0]].map(u=>xe(r.degrees,u))))}))}function Vo(t,{body:e,networks:n},o){var l,f;let r=`${t} ${o}`,s=(l=Le.get(
t))!=null?l:K(e);Le.set(t,s);let i=n.slice(0,o).reduce((a,u)=>a+u.bytes,0),c=(f=ke.get(r))!=null?f:it(s.subarray(i,i+n[o].
bytes)).then(a=>be(gt(new Uint8Array(a)),n[o].step));return ke.set(r,c),c}function ve(t,{times:e,digits:n,small:o,sign:r}){
let s=t*e,i=s<Wo?o:n;return new Intl.NumberFormat("en",{minimumFractionDigits:i,maximumFractionDigits:i}).format(s)+r}var Zo=["boolean",["feature-state","off"],!1],Go=["boolean",["feature-state","chosen"],!1],Se="#111111",Ce="#333333",lt=[
"line","line-2","line-3","line-4","line-5","line-6"],Ko=200;function Z(t,e){let n=t.categories.map(({look:r},s)=>e(r,s)),
o=n[n.length-1];return n.every(r=>r===o)?o:["match",["get","v"],...n.slice(0,-1).flatMap((r,s)=>[s,r]),o]}function Ie(t,e){
return Array.isArray(t)?["*",t,e]:t*e}function Te(t){return["case",Zo,0,t]}function at(t,e){return["case",Go,t,e]}function Mt(t){
return t.fill&&t.fill!=="none"?t.fill:null}function ft(t){let{strength:e}=t,n=Z(t,i=>i.stroke||Mt(i)||Ce),o=Z(t,i=>{var c;
return Mt(i)?(c=i.fill_opacity)!=null?c:1:0}),r=Te(e),s={"line-color":at(Se,n),"line-width":at(4,Z(t,i=>i.weight||0)),"l\
ine-opacity":r};return{fill:{"fill-color":Z(t,i=>Mt(i)||"rgba(0,0,0,0)"),"fill-opacity":Te(Ie(o,e)),"fill-antialias":!1},
hatch:{"fill-pattern":Z(t,(i,c)=>i.hatch?`hatch|${t.id}|${c}`:""),"fill-opacity":r},...Object.fromEntries(Nt(t).map(({kind:i,
dash:c})=>[i,{...s,...c}])),dot:Xo(t,n,r),picture:{"raster-opacity":e},names:{"icon-opacity":r},ranks:{"icon-opacity":r}}}
function Xo(t,e,n){let o=Z(t,s=>s.size||2),r=Z(t,s=>s.ring||0);return{"circle-color":Z(t,s=>Mt(s)||s.stroke||Ce),"circle\
-radius":Yo(t.least_zoom,s=>at(7,Ie(o,s))),"circle-opacity":n,"circle-stroke-color":at(Se,e),"circle-stroke-width":at(2.5,
r),"circle-stroke-opacity":n}}function Yo(t,e){return t?["interpolate",["linear"],["zoom"],t,e(.6),t+2.5,e(1.3)]:e(1)}function ut(t){
let{categories:e,hidden:n}=t,o=[...e.keys()].filter(c=>!n.has(c)),r=o.length===e.length?!0:Ut(o),s=["==",["geometry-type"],
"Polygon"],i=["==",["geometry-type"],"Point"];return{fill:["all",s,r],hatch:["all",s,Ut(o.filter(c=>e[c].look.hatch))],...Object.
fromEntries(Nt(t).map(({kind:c,of:l})=>[c,["all",["!=",["geometry-type"],"Point"],l.length===e.length?r:Ut(Jo(l,o))]])),
dot:["all",i,[">",["get","z"],["zoom"]],r],names:r,ranks:r}}function Jo(t,e){return t.filter(n=>e.includes(n))}function Ut(t){
return["in",["get","v"],["literal",t]]}function $e(t){return t.categories.some(e=>e.outcome)}function Pe(t){let e=ft(t);
if(t.shape.kind==="picture")return[{id:`${t.id}|picture`,type:"raster",source:t.id,paint:e.picture}];let n=ut(t),o=t.shape.
kind==="tiles",r=(u,d,h={})=>({id:`${t.id}|${u}`,type:d,source:t.id,...o?{"source-layer":u==="dot"?"o":"a"}:{},filter:n[u],
paint:e[u],minzoom:t.least_zoom,...h}),s=t.categories.some(({look:u})=>u.hatch),i=$e(t)?{layout:{"circle-sort-key":["-",
0,["get","v"]]}}:{},c=r("fill","fill"),l=Nt(t).map(({kind:u})=>r(u,"line",{layout:{"line-join":"round"}})),f=r("dot","ci\
rcle",i),{look:a}=t.categories[0];return a.point||a.line?a.point?[f]:l:[c,...s?[r("hatch","fill",{minzoom:10})]:[],...l,
f]}function Nt({categories:t}){var n;let e=new Map;for(let[o,{look:r}]of t.entries()){let s=r.dash?Oe(r).join(" "):"";e.
set(s,[...(n=e.get(s))!=null?n:[],o])}return[...e.values()].map((o,r)=>{let{look:s}=t[o[0]];return{kind:lt[r],of:o,dash:s.
dash?{"line-dasharray":Oe(s)}:{}}})}function Oe({dash:t="",weight:e}){return t.split(" ").map(n=>Number(n)/Math.max(1,e||
1))}function Re(t){return{id:`${t.id}|names`,type:"symbol",source:`${t.id}|names`,filter:ut(t).names,paint:ft(t).names,minzoom:t.
facts.size>Ko?13:0,layout:{"icon-image":["concat",`name|${t.id}|`,["to-string",["get","i"]]],"icon-padding":3,...$e(t)?{
"icon-anchor":"top","icon-offset":[0,5]}:{},"symbol-sort-key":["get","i"]}}}function He({facts:t,categories:e}){var o;let n=[];
for(let r=0;r<t.size;r+=1)(o=e[t.category[r]])!=null&&o.named&&t.name(r)&&n.push(r);return Ue(t,n)}function De(t){return{
id:`${t.id}|ranks`,type:"symbol",source:`${t.id}|ranks`,filter:ut(t).ranks,paint:ft(t).ranks,layout:{"icon-image":["conc\
at",`rank|${t.id}|`,["to-string",["get","i"]]],"icon-padding":-3,"symbol-sort-key":["get","i"]}}}function ze({facts:t}){
let e=[...t.category.keys()].filter(n=>{var o;return((o=t.ranks)==null?void 0:o[n])&&t.category[n]>=0});return Ue(t,e)}function Ue(t,e){
return{type:"geojson",data:{type:"FeatureCollection",features:e.map(o=>({type:"Feature",properties:{i:o,v:t.category[o]},
geometry:{type:"Point",coordinates:[t.lon[o],t.lat[o]]}}))},promoteId:"i"}}var xt=4,Et=10,Qo="…",tr=["pass","info"];function _e(t){let e=x("chosen",HTMLElement);function n([o]){t.choose(o),t.speak(
o),e.replaceChildren(je(o,t)),t.open(!0)}return{show:n,close:()=>e.replaceChildren()}}function Be(t){let{map:e}=t,n=null;
function o(i,c){s(),t.choose(i[0]),t.speak(i[0]),n=er(t,c),r(i,0),or(e,n),n.on("close",()=>{n=null,t.choose(null)})}function r(i,c){
let l=je(i[c],t),f=M("p","steps");if(i.length>1){let a=u=>{let d=(c+u+i.length)%i.length;r(i,d),t.choose(i[d])};f.append(
Ne(N("‹",()=>a(-1)),t.words.before),M("span","",`${c+1}/${i.length}`),Ne(N("›",()=>a(1)),t.words.after))}f.append(N(
t.words.nearer,()=>t.fly(i[c]))),l.append(f),n.setDOMContent(l),nr(n,t.words.close)}function s(){n==null||n.remove()}return e.
on("click",i=>{if(t.busy())return;let c=rr(i.point,t);c.length?o(c,i.lngLat):s(),t.open(!1)}),document.addEventListener(
"keydown",i=>{i.key==="Escape"&&!t.busy()&&s()}),{show:o,close:s}}function Ne(t,e){return t.setAttribute("aria-label",e),
t}function er({map:t},e){return new maplibregl.Popup({closeButton:!0,closeOnClick:!1,maxWidth:"none",focusAfterOpen:!1,locale:{}}).
setLngLat(e).setDOMContent(M("div")).addTo(t)}function nr(t,e){let n=t.getElement().querySelector(".maplibregl-popup-clo\
se-button");n.title=e,n.setAttribute("aria-label",e)}function or(t,e){let n=e.getElement().getBoundingClientRect(),o=t.getContainer().
getBoundingClientRect(),r=Math.min(0,n.left-o.left-Et)||Math.max(0,n.right-o.right+Et),s=Math.min(0,n.top-o.top-Et)||Math.
max(0,n.bottom-o.bottom+Et);(r||s)&&t.panBy([r,s],{animate:!1})}function rr({x:t,y:e},n){let o=n.mapAt(t),r=n.layers.filter(
a=>a.tabled).flatMap(a=>["ranks","fill",...lt,"dot"].map(u=>`${a.id}|${u}`)).filter(a=>o.getLayer(a)),s=[t-xt,e-xt],i=[t+
xt,e+xt],c=o.queryRenderedFeatures([t,e],{layers:r}),l=c.length?c:o.queryRenderedFeatures([s,i],{layers:r}),f=new Map;for(let{
source:a,properties:u}of l){let d=n.layers.find(({id:m})=>a===m||a===`${m}|ranks`),h=`${d==null?void 0:d.id}.${u.i}`;d&&
n.seen(d,u.i)&&!f.has(h)&&f.set(h,[d,u.i])}return[...f.values()]}function je([t,e],n){let{words:o}=n,r=t.categories[t.facts.
category[e]],s=M("div","popup");s.append(M("h3","",t.facts.name(e)||o.unnamed),M("p","kind",t.title+(t.rules.length===1?
` · ${t.rules[0]}`:""))),r.outcome?s.append(n.verdict(r.outcome,r.title)):r.title!==t.title&&s.append(M("p","",r.title)),
lr(s,[t,e],n),cr(s,[t,e],n);let i=sr([t,e],n);return s.append(i),ir(i,[t,e],n),s}function sr([{facts:t},e],{words:n,ruleTitle:o}){
let r=t.columns.slice(1).map(c=>[c.title,c.get(e)]);t.rule&&r.push([n.rule,o(t.rule.get(e))]),t.town&&r.push([n.town,t.town.
get(e)]);let s=M("table"),i=M("tbody");return i.append(...r.filter(([,c])=>c).map(([c,l])=>We(c,l))),s.append(i),s}function We(t,e){
let n=M("tr"),o=M("th","",t);return o.scope="row",n.append(o,M("td","",e)),n}function ir(t,[e,n],{layers:o,view:r}){for(let{
id:s,of:i,shape:c,categories:l}of o)if(i===e.id&&c.kind==="reached"){let f=l.map(({title:a})=>We(a,Qo));t.tBodies[0].append(
...f),bt(s,c,n,r==null?void 0:r.id).then(a=>{f.forEach((u,d)=>{d<a.length?u.cells[1].textContent=ve(a[d].area,c.unit):u.
remove()})})}}function cr(t,[e,n],o){var r;for(let s of o.layers.filter(i=>i.of===e.id&&i.tabled)){let i=M("ul");(r=s.facts.
owner)==null||r.forEach((c,l)=>{c===n&&i.append(ar([s,l],o))}),i.children.length&&t.append(M("h4","",`${s.title} (${i.children.
length})`),i)}}function ar([t,e],n){let o=M("li"),r=t.facts.columns.slice(1,4).map(c=>c.get(e));o.append(N(r.filter(Boolean).
join(" · "),()=>n.fly([t,e])));let{outcome:s,title:i}=t.categories[t.facts.category[e]];return s&&o.append(n.verdict(s,
i)),o}function lr(t,[e,n],o){var c;let r=(c=e.facts.opinions)==null?void 0:c[n];if(!(r!=null&&r.length))return;let s=r.filter(
([,l,,f])=>f||!tr.includes(l)),i=r.filter(l=>!s.includes(l));if(t.append(M("h4","",o.words.opinions),Fe(s.length?s:i,o)),
s.length&&i.length){let l=M("details"),f=M("summary","",o.words.other_opinions.replace("{count}",R(i.length)));l.append(
f,Fe(i,o)),t.append(l)}}function Fe(t,e){let n=M("ul","opinions");for(let[o,r,s,i]of t){let c=M("li");c.append(M("b","",
o),e.verdict(r,i)),c.append(...s.split(`
`).map(l=>M("div","",l))),n.append(c)}return n}function qe({tables:t,columns:e,lists:n}){return t.map(o=>({...o,columns:o.columns.map(r=>e[r]),category:n[o.category],at:n[o.
at],zoom:n[o.zoom]}))}function Ve(t,e,n=null){var f,a,u,d;let o=(f=t.forms)==null?void 0:f[n!=null?n:-1],{category:r}=o!=
null?o:t,s=r.length,c=(o?o.told.map(h=>t.columns[h]):t.columns).map(h=>dr(h,s,e)),l=new Intl.Collator(e,{numeric:!0});return{
size:s,columns:c,category:Int16Array.from(r),...ur(t),holding:h=>br(c,h.toLowerCase(),s),sorted:(h,m,y)=>Mr(h,m,y,l),flown:h=>t.
zoom[h]/4,rule:t.rule?Ft(t.rule):null,town:t.town?Ft(t.town):null,ranks:(a=t.ranks)!=null?a:null,owner:t.owner?Int32Array.
from(t.owner):null,opinions:(u=t.opinions)!=null?u:null,topics:t.topics?fr(t.topics):null,anchors:(d=t.anchors)!=null?d:
null,name:h=>c.length?c[0].get(h):null}}function fr({list:t,numbers:e}){return n=>{let o=n.map(r=>t.indexOf(r));return r=>o.
every(s=>e[r].includes(s))}}function ur(t){let e=t.category.length,n=new Float64Array(e),o=new Float64Array(e),r=0,s=0;for(let i=0;i<
e;i+=1)r+=t.at[2*i],s+=t.at[2*i+1],n[i]=r/1e5,o[i]=s/1e5;return{lon:n,lat:o}}function dr(t,e,n){let o=hr(t,e,n),{absent:r}=t;
return r?{...o,get:s=>{var i;return(i=o.get(s))!=null?i:r}}:o}function hr(t,e,n){if("digits"in t){let r="steps"in t?mr(t.
steps):t.numbers;return pr({...t,numbers:r})}if("several"in t)return gr(t,n.startsWith("zh")?"、":", ");let o="list"in t?
Ft(t):yr(t.text,e);return{title:t.title,number:!1,value:o.get,...o}}function mr(t){let e=0;return t.map(n=>(e+=n!=null?n:
0,n===null?null:e))}function pr({title:t,digits:e,numbers:n}){let o=new Intl.NumberFormat("en",{minimumFractionDigits:e,
maximumFractionDigits:e}),r=s=>{let i=n[s];return i===null?null:o.format(i)};return{title:t,number:!0,value:s=>n[s],get:r,
mark:(s,i)=>{if(/^[\d.,-]+$/.test(s)){let c=s.replaceAll(",","");At(i,l=>{var f;return((f=r(l))!=null?f:"").replaceAll("\
,","").startsWith(c)})}}}}function gr({title:t,list:e,numbers:n},o){return{title:t,number:!1,value:r=>n[r].length,get:r=>n[r].
map(s=>e[s]).join(o)||null,mark:(r,s)=>{let i=e.map(c=>c.toLowerCase().includes(r));At(s,c=>n[c].some(l=>i[l]))}}}function Ft({
list:t,numbers:e}){let n=Int32Array.from(e);return{get:o=>n[o]<0?null:t[n[o]],mark:(o,r)=>{let s=t.map(i=>i.toLowerCase().
includes(o));s.includes(!0)&&At(r,i=>n[i]>=0&&s[n[i]])}}}function yr(t,e){let n=wr(t,e),o=r=>t.slice(n[r],n[r+1]-1)||null;
return{get:o,mark:(r,s)=>{let i=t.toLowerCase();if(i.length!==t.length){At(s,l=>{var f;return((f=o(l))!=null?f:"").toLowerCase().
includes(r)});return}let c=0;for(let l=i.indexOf(r);l>=0;l=i.indexOf(r,n[c+1])){for(;n[c+1]<=l;)c+=1;l+r.length<n[c+1]&&
(s[c]=1)}}}}function wr(t,e){let n=new Uint32Array(e+1),o=0;for(let r=0;r<e;r+=1){n[r]=o;let s=t.indexOf("",o);o=(s<0?t.
length:s)+1}return n[e]=o,n}function At(t,e){for(let n=0;n<t.length;n+=1)e(n)&&(t[n]=1)}function br(t,e,n){let o=new Uint8Array(
n);for(let r of t)r.mark(e,o);return o}function Mr(t,e,n,o){let r=n?-1:1,s=t.map(i=>{var c;return{row:i,key:(c=e(i))!=null?
c:null}});return s.sort((i,c)=>i.key===c.key?i.row-c.row:i.key===null||c.key===null?i.key===null?1:-1:r*xr(i.key,c.key,o)||
i.row-c.row),s.map(({row:i})=>i)}function xr(t,e,n){return typeof t=="number"&&typeof e=="number"?t-e:n.compare(String(t),
String(e))}function Ze({forms:t,form_of:e,table:n,categories:o,picture:r},s){var l;let i=s===null?null:(l=e[s])!=null?l:null,c=i===
null?{categories:o,picture:r}:{picture:void 0,...t[i]};return{form:i,...c,facts:Ve(n,document.documentElement.lang,i)}}function Ge(t,e,n){
let o=Ze({...t,table:e},n);return{...t,table:e,...o,on:t.shown,strength:1,hidden:new Set,mask:null,chosen:null,left:o.facts.
size,counted:o.categories.map(({count:r})=>r)}}function Ke(t,e){var n;return((n=t.form_of[e])!=null?n:t.form)===t.form?!1:
(Object.assign(t,Ze(t,e)),!0)}function Xe({form_of:t,table:e},n){let o=Object.entries(t).find(([,r])=>{var s,i;return((i=
(s=e.forms)==null?void 0:s[r].category[n])!=null?i:-1)>=0});return o==null?void 0:o[0]}function Ye(){throw new Error("this browser cannot inflate")}function ot(t,e){return(e>>>0)*4294967296+(t>>>0)}function Ar(t,e){let n=e.buf,o=n[e.pos++],r=(o&112)>>4;if(o<128||(o=n[e.
pos++],r|=(o&127)<<3,o<128)||(o=n[e.pos++],r|=(o&127)<<10,o<128)||(o=n[e.pos++],r|=(o&127)<<17,o<128)||(o=n[e.pos++],r|=
(o&127)<<24,o<128)||(o=n[e.pos++],r|=(o&1)<<31,o<128))return ot(t,r);throw new Error("Expected varint not more than 10 b\
ytes")}function ht(t){let e=t.buf,n=e[t.pos++],o=n&127;return n<128||(n=e[t.pos++],o|=(n&127)<<7,n<128)||(n=e[t.pos++],o|=
(n&127)<<14,n<128)||(n=e[t.pos++],o|=(n&127)<<21,n<128)?o:(n=e[t.pos],o|=(n&15)<<28,Ar(o,t))}function Lr(t,e,n,o,r){return r===
0?o!==0?[t-1-n,t-1-e]:[n,e]:[e,n]}function kr(t,e,n){if(t>26)throw new Error("Tile zoom level exceeds max safe number li\
mit (26)");if(e>=1<<t||n>=1<<t)throw new Error("tile x/y outside zoom level bounds");let o=((1<<t)*(1<<t)-1)/3,r=t-1,[s,
i]=[e,n];for(let c=1<<r;c>0;c>>=1){let l=s&c,f=i&c;o+=(3*l^f)*(1<<r),[s,i]=Lr(c,s,i,l,f),r--}return o}async function Je(t,e){if(e===1||e===0)return t;if(e===2){if(typeof globalThis.DecompressionStream=="undefined")return Ye(
new Uint8Array(t));let n=new Response(t).body;if(!n)throw new Error("Failed to read response stream");let o=n.pipeThrough(
new globalThis.DecompressionStream("gzip"));return new Response(o).arrayBuffer()}throw new Error("Compression method not\
 supported")}function vr(t){return t===1?".mvt":t===2?".png":t===3?".jpg":t===4?".webp":t===5?".avif":t===6?".mlt":""}var Tr=127;function Or(t,e){
let n=0,o=t.length-1;for(;n<=o;){let r=o+n>>1,s=e-t[r].tileId;if(s>0)n=r+1;else if(s<0)o=r-1;else return t[r]}return o>=
0&&(t[o].runLength===0||e-t[o].tileId<t[o].runLength)?t[o]:null}var Lt=class{constructor(e){P(this,"file");this.file=e}getKey(){
return this.file.name}async getBytes(e,n){return{data:await this.file.slice(e,e+n).arrayBuffer()}}},_t=class{constructor(e,n=new Headers,o=void 0){
P(this,"url");P(this,"customHeaders");P(this,"credentials");P(this,"mustReload");P(this,"chromeWindowsNoCache");var c,l;
this.url=e,this.customHeaders=n,this.credentials=o,this.mustReload=!1;let r="";"navigator"in globalThis&&(r=(l=(c=globalThis.
navigator)==null?void 0:c.userAgent)!=null?l:"");let s=r.indexOf("Windows")>-1,i=/Chrome|Chromium|Edg|OPR|Brave/.test(r);
this.chromeWindowsNoCache=!1,s&&i&&(this.chromeWindowsNoCache=!0)}getKey(){return this.url}setHeaders(e){this.customHeaders=
e}async getBytes(e,n,o,r){let s,i;o?i=o:(s=new AbortController,i=s.signal);let c=new Headers(this.customHeaders);c.set("\
range",`bytes=${e}-${e+n-1}`);let l;this.mustReload?l="reload":this.chromeWindowsNoCache&&(l="no-store");let f=await fetch(
this.url,{signal:i,cache:l,headers:c,credentials:this.credentials});if(e===0&&f.status===416){let h=f.headers.get("Conte\
nt-Range");if(!h||!h.startsWith("bytes */"))throw new Error("Missing content-length on 416 response");let m=+h.substr(8);
c.set("range",`bytes=0-${m-1}`),f=await fetch(this.url,{signal:i,cache:"reload",headers:c,credentials:this.credentials})}
let a=f.headers.get("Etag");if(a!=null&&a.startsWith("W/")&&(a=null),f.status===416||r&&a&&a!==r)throw this.mustReload=!0,
new mt(`Server returned non-matching ETag ${r} after one retry. Check browser extensions and servers for issues that may\
 affect correct ETag headers.`);if(f.status>=300)throw new Error(`Bad response code: ${f.status}`);let u=f.headers.get("\
Content-Length");if(f.status===200&&(!u||+u>n))throw s&&s.abort(),new Error("Server returned no content-length header or\
 content-length exceeding request. Check that your storage backend supports HTTP Byte Serving.");return{data:await f.arrayBuffer(),
etag:a||void 0,cacheControl:f.headers.get("Cache-Control")||void 0,expires:f.headers.get("Expires")||void 0}}};function j(t,e){
let n=t.getUint32(e+4,!0),o=t.getUint32(e+0,!0);return n*2**32+o}function Sr(t,e){let n=new DataView(t),o=n.getUint8(7);
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
n.data).getUint16(0,!0)!==19792)throw new Error("Wrong magic number for PMTiles archive");let r=n.data.slice(0,Tr),s=Sr(
r,n.etag),i=n.data.slice(s.rootDirectoryOffset,s.rootDirectoryOffset+s.rootDirectoryLength),c=`${t.getKey()}|${s.etag||""}\
|${s.rootDirectoryOffset}|${s.rootDirectoryLength}`,l=Qe(await e(i,s.internalCompression));return[s,[c,l.length,l]]}async function Ir(t,e,n,o,r,s){
let i=await t.getBytes(n,o,s,r.etag),c=await e(i.data,r.internalCompression),l=Qe(c);if(l.length===0)throw new Error("Em\
pty directory is invalid");return l}var Bt=class{constructor(e=100,n=!0,o=Je){P(this,"cache");P(this,"invalidations");P(this,"pendingFetches");P(this,"maxCa\
cheEntries");P(this,"counter");P(this,"decompress");this.cache=new Map,this.invalidations=new Map,this.pendingFetches=new Map,
this.maxCacheEntries=e,this.counter=1,this.decompress=o}async getHeader(e){let n=e.getKey(),o=this.cache.get(n);if(o)return o.
lastUsed=this.counter++,await o.data;let r=new Promise((s,i)=>{Cr(e,this.decompress).then(c=>{c[1]&&this.cache.set(c[1][0],
{lastUsed:this.counter++,data:Promise.resolve(c[1][2])}),s(c[0]),this.prune()}).catch(c=>{i(c)})});return this.cache.set(
n,{lastUsed:this.counter++,data:r}),r}trackSignal(e,n,o){n.refs++,o.addEventListener("abort",()=>{--n.refs<=0&&this.pendingFetches.
get(e)===n&&(n.controller.abort(),this.cache.delete(e),this.pendingFetches.delete(e))},{once:!0})}async getDirectory(e,n,o,r,s){
let i=`${e.getKey()}|${r.etag||""}|${n}|${o}`,c=this.cache.get(i);if(c){c.lastUsed=this.counter++;let u=this.pendingFetches.
get(i);return u&&this.trackSignal(i,u,s!=null?s:new AbortController().signal),await c.data}let l=new AbortController,f={
controller:l,refs:0};this.trackSignal(i,f,s!=null?s:new AbortController().signal),this.pendingFetches.set(i,f);let a=new Promise(
(u,d)=>{Ir(e,this.decompress,n,o,r,l.signal).then(h=>{this.pendingFetches.delete(i),u(h),this.prune()}).catch(h=>{d(h)})});
return this.cache.set(i,{lastUsed:this.counter++,data:a}),a}prune(){if(this.cache.size>=this.maxCacheEntries){let e=1/0,
n;this.cache.forEach((o,r)=>{o.lastUsed<e&&(e=o.lastUsed,n=r)}),n&&this.cache.delete(n)}}async invalidate(e){let n=e.getKey();
if(this.invalidations.get(n))return await this.invalidations.get(n);this.cache.delete(e.getKey());let o=new Promise((r,s)=>{
this.getHeader(e).then(i=>{r(),this.invalidations.delete(n)}).catch(i=>{s(i)})});this.invalidations.set(n,o)}},dt=class{constructor(e,n,o){
P(this,"source");P(this,"cache");P(this,"decompress");typeof e=="string"?this.source=new _t(e):this.source=e,o?this.decompress=
o:this.decompress=Je,n?this.cache=n:this.cache=new Bt}async getHeader(){return await this.cache.getHeader(this.source)}async getZxyAttempt(e,n,o,r){
let s=kr(e,n,o),i=await this.cache.getHeader(this.source);if(r==null||r.throwIfAborted(),e<i.minZoom||e>i.maxZoom)return;
let c=i.rootDirectoryOffset,l=i.rootDirectoryLength;for(let f=0;f<=3;f++){let a=await this.cache.getDirectory(this.source,
c,l,i,r);r==null||r.throwIfAborted();let u=Or(a,s);if(u){if(u.runLength>0){let d=await this.source.getBytes(i.tileDataOffset+
u.offset,u.length,r,i.etag);return{data:await this.decompress(d.data,i.tileCompression),cacheControl:d.cacheControl,expires:d.
expires}}c=i.leafDirectoryOffset+u.offset,l=u.length}else return}throw new Error("Maximum directory depth exceeded")}async getZxy(e,n,o,r){
try{return await this.getZxyAttempt(e,n,o,r)}catch(s){if(s instanceof mt)return this.cache.invalidate(this.source),await this.
getZxyAttempt(e,n,o,r);throw s}}async getMetadataAttempt(){let e=await this.cache.getHeader(this.source),n=await this.source.
getBytes(e.jsonMetadataOffset,e.jsonMetadataLength,void 0,e.etag),o=await this.decompress(n.data,e.internalCompression),
r=new TextDecoder("utf-8");return JSON.parse(r.decode(o))}async getMetadata(){try{return await this.getMetadataAttempt()}catch(e){
if(e instanceof mt)return this.cache.invalidate(this.source),await this.getMetadataAttempt();throw e}}async getTileJson(e){
let n=await this.getHeader(),o=await this.getMetadata(),r=vr(n.tileType);return{tilejson:"3.0.0",scheme:"xyz",tiles:[`${e}\
/{z}/{x}/{y}${r}`],vector_layers:o.vector_layers,attribution:o.attribution,description:o.description,name:o.name,version:o.
version,bounds:[n.minLon,n.minLat,n.maxLon,n.maxLat],center:[n.centerLon,n.centerLat,n.centerZoom],minzoom:n.minZoom,maxzoom:n.
maxZoom}}};var $r=3,Pr=[1,2],Rr=[0,1,2];async function tn(t){let e=new dt(new Lt(t)),n=await e.getHeader();if(n.specVersion!==$r)throw new Error(
"format");if(!Pr.includes(n.internalCompression)||!Rr.includes(n.tileCompression))throw new Error("compression");return{
raster:n.tileType!==1&&n.tileType!==6,least:n.minZoom,deepest:n.maxZoom,tile:async(o,r,s)=>{var i;return(i=await e.getZxy(
o,r,s))==null?void 0:i.data}}}var Hr=/^[0-9a-zA-Z]{8,64}$/,nn="ground|",Dr=18,zr="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD\
hgGAWjR9awAAAABJRU5ErkJggg==";function on(t){var v,I;let{words:e,data:n}=t,o=x("base",HTMLSelectElement),r=x("base-note",
HTMLElement),s=x("token",HTMLInputElement),i=x("base-files",HTMLInputElement),c=x("tms",HTMLInputElement),l=x("base-opac\
ity",HTMLInputElement),f=Fr(),a=[[],{}];s.value=(I=(v=document.querySelector('meta[name="tianditu"]'))==null?void 0:v.getAttribute(
"content"))!=null?I:"";function u(b,k=!1){r.textContent=b,r.classList.toggle("warning",k)}function d(b,k={}){a=[b,k],t.shares().
forEach(({map:O})=>Nr(O,b,k,l.valueAsNumber/100)),x("base-strength",HTMLElement).hidden=!b.length}function h(){return n.
grounds.find(({id:b})=>b===o.value)}function m(){var O;let b=h(),k=(b==null?void 0:b.pick)==="folder";x("base-ask",HTMLElement).
hidden=!(b!=null&&b.token),x("base-file",HTMLElement).hidden=!(b!=null&&b.pick),x("base-turned",HTMLElement).hidden=!k,i.
webkitdirectory=k,i.accept=(b==null?void 0:b.pick)==="archive"?".pmtiles":"",u((O=b==null?void 0:b.note)!=null?O:"",b==null?
void 0:b.warning),!b||b.pick?d([]):b.token&&!Hr.test(s.value.trim())?(d([]),u(e.token_wanted)):d(Ur(b,s.value.trim()),b)}
async function y(){var k,O;let b=(k=h())==null?void 0:k.pick;(O=i.files)!=null&&O.length&&(b==="archive"?await p(i.files[0]):
b==="folder"&&g(Array.from(i.files)))}async function p(b){let k;try{k=await tn(b)}catch(O){u(e.no_pmtiles,!0);return}if(!k.
raster){u(e.no_raster,!0);return}d(f.fromArchive(k),k),u(e.offset)}function g(b){let k=_r(b,c.checked);if(!k.size){u(e.no_tiles,
!0);return}let O=Array.from(k.keys(),S=>Number(S.split("/")[0]));d(f.fromFolder(k),{least:Math.min(...new Set(O)),deepest:Math.
max(...new Set(O))}),u(`${e.tiles_found.replace("{count}",R(k.size))} ${e.offset}`)}function w(){for(let{map:b}of t.shares())
rn(b).forEach(k=>b.setPaintProperty(k,"raster-opacity",l.valueAsNumber/100))}function E(){let b=h();b&&!b.pick&&u([b.warning?
b.note:"",e.unreachable].filter(Boolean).join(" "),!0)}return o.append(B("",e.blank),...n.grounds.map(({id:b,title:k})=>B(
b,k))),o.addEventListener("change",m),s.addEventListener("change",m),l.addEventListener("input",w),i.addEventListener("c\
hange",y),c.addEventListener("change",y),{laid:()=>d(...a),failed:E}}function Ur({urls:t},e){return t.map(n=>n.map(o=>o.
replace("{token}",encodeURIComponent(e))))}function rn(t){return t.getStyle().layers.map(({id:n})=>n).filter(n=>n.startsWith(
nn))}function Nr(t,e,{attribution:n="",least:o=0,deepest:r=Dr},s){var l;for(let f of rn(t))t.removeLayer(f),t.removeSource(
f);let c=(l=t.getStyle().layers.find(({id:f})=>f!=="paper"))==null?void 0:l.id;e.forEach((f,a)=>{let u=`${nn}${a}`;t.addSource(
u,{type:"raster",tiles:f,tileSize:256,attribution:n,minzoom:o,maxzoom:r});let d={"raster-opacity":s,"raster-fade-duratio\
n":0};t.addLayer({id:u,type:"raster",source:u,paint:d},c)})}function Fr(){let t=new Map,e=null,n=Uint8Array.from(atob(zr),
o=>o.charCodeAt(0)).buffer;return maplibregl.addProtocol("folder",async({url:o})=>{let r=t.get(en(o));return{data:r?await r.
arrayBuffer():n.slice(0)}}),maplibregl.addProtocol("archive",async({url:o})=>{var c;let[r,s,i]=en(o).split("/").map(Number);
return{data:(c=await(e==null?void 0:e.tile(r,s,i)))!=null?c:n.slice(0)}}),{fromFolder:o=>(t=o,[[`folder://${Date.now()}/\
{z}/{x}/{y}`]]),fromArchive:o=>(e=o,[[`archive://${Date.now()}/{z}/{x}/{y}`]])}}function en(t){return t.replace(/^\w+:\/\/\d+\//,
"")}function _r(t,e){let n=new Map;for(let o of t){let r=/(\d+)\/(\d+)\/(\d+)\.(png|jpe?g|webp)$/i.exec(o.webkitRelativePath);
if(r){let[s,i,c]=r.slice(1,4).map(Number);n.set(`${s}/${i}/${e?2**s-1-c:c}`,o)}}return n}function jt(t){return new maplibregl.Map({style:{version:8,sources:{},layers:[{id:"paper",type:"background",paint:{"back\
ground-color":"#f3efe6"}}]},maxZoom:22,attributionControl:!1,dragRotate:!1,pitchWithRotate:!1,fadeDuration:0,...t})}async function sn({
bounds:t,least:e,alt:n}){let o;try{o=jt({container:"map",bounds:t,fitBoundsOptions:{padding:24},minZoom:Math.max(0,e-.999),
touchPitch:!1,pixelRatio:location.hash.length>1?void 0:.25,locale:{"Map.Title":n}})}catch(r){return null}return o.touchZoomRotate.
disableRotation(),o.keyboard.disableRotation(),o.addControl(new maplibregl.AttributionControl({compact:!0}),"bottom-righ\
t"),o.addControl(new maplibregl.ScaleControl({maxWidth:150,unit:"metric"}),"bottom-left"),o.getCanvas().setAttribute("ar\
ia-label",n),await new Promise(r=>o.once("style.load",r)),o}var Br="#1c1a17";function kt(t,{map:e,swipe:n},{left:o,top:r,width:s,height:i}){e.redraw(),t.drawImage(e.getCanvas(),o,r,s,i);let c=n!=null&&
n.on()?n.second():null;if(!n||!c)return;let l=o+n.place()*s;t.save(),t.beginPath(),t.rect(l,r,o+s-l,i),t.clip(),c.map.redraw(),
t.drawImage(c.map.getCanvas(),o,r,s,i),t.restore();for(let[f,a]of[[Br,.003+2*8e-4],["#ffffff",.003]])t.fillStyle=f,t.fillRect(
l-a*s/2,r,a*s,i)}var jr=3,Wr=2e4,qr=190,Vr=176,Zr=96/25.4;function an(t){let{map:e,words:n,data:o}=t,r=x("stage",HTMLElement),s=x("printe\
d",HTMLImageElement),i=x("told",HTMLElement),c=!1;function l(){let{width:u,height:d}=e.getCanvas(),h=Object.assign(M("ca\
nvas"),{width:u,height:d}),m=h.getContext("2d");kt(m,t,{left:0,top:0,width:u,height:d});let y=u/e.getPixelRatio(),p=u/d;
s.src=h.toDataURL(),s.alt=o.alt,r.style.setProperty("--ratio",String(p));let g=Math.min(qr,Vr*p)*Zr/y;r.style.setProperty(
"--shrink",String(g)),x("paper",HTMLElement).textContent=`${o.printed} · ${new Date().toLocaleDateString("sv")}`,t.layers.
filter(w=>w.on).forEach(t.tree.reveal)}async function f(){c||(c=!0,i.textContent=n.printing,await Wt(t,"paper",Math.max(
jr,e.getPixelRatio()),async()=>{l(),await s.decode().catch(console.warn),i.textContent="",window.print()}),c=!1)}function a(){
c||l()}return window.addEventListener("beforeprint",a),window.matchMedia("print").addEventListener("change",({matches:u})=>{
u&&a()}),document.addEventListener("keydown",u=>{(u.ctrlKey||u.metaKey)&&!u.altKey&&u.key.toLowerCase()==="p"&&(u.preventDefault(),
f())}),{print:f}}async function Wt(t,e,n,o){var a;let{map:r,swipe:s}=t,i=r.getPixelRatio(),c=r.getBounds(),l=(a=s==null?
void 0:s.place())!=null?a:0,f=r.unproject([l*r.getContainer().clientWidth,0]);document.body.classList.add(e);try{cn(t,n,
c),s==null||s.moveTo(r.project(f).x/r.getContainer().clientWidth),await Promise.all(ln(t).map(Gr)),await o()}finally{document.
body.classList.remove(e),cn(t,i,c),s==null||s.moveTo(l)}}function ln({map:t,swipe:e}){let n=e!=null&&e.on()?e.second():null;
return n?[t,n.map]:[t]}function cn(t,e,n){let[o,...r]=ln(t);o.setPixelRatio(e),o.resize(),o.fitBounds(n,{animate:!1});for(let s of r)
s.setPixelRatio(e),s.resize(),s.jumpTo({center:o.getCenter(),zoom:o.getZoom()})}function Gr(t){return new Promise(e=>{let n=setTimeout(
e,Wr);t.once("idle",()=>{clearTimeout(n),e()}),t.triggerRepaint()})}var W=Math.PI/180,fn=6378137,un=298.257222101,Kr=2e3,Xr=[[1/2,-2/3,5/16,41/180,-127/288,7891/37800],[13/48,-3/5,557/1440,
281/630,-1983433/1935360],[61/240,-103/140,15061/26880,167603/181440],[49561/161280,-179/168,6601661/7257600],[34729/80640,
-3418889/1995840],[212378941/319334400]],Yr=[[1/2,-2/3,37/96,-1/360,-81/512,96199/604800],[1/48,1/15,-437/1440,46/105,-1118711/
3870720],[17/480,-37/840,-209/4480,5569/90720],[4397/161280,-11/504,-830251/7257600],[4583/161280,-108847/3991680],[20648693/
638668800]],Jr=pn([[1/Math.sqrt(3),1]]),Qr=pn([[0,128/225],[Math.sqrt(5-2*Math.sqrt(10/7))/3,(322+13*Math.sqrt(70))/900],
[Math.sqrt(5+2*Math.sqrt(10/7))/3,(322-13*Math.sqrt(70))/900]]);function hn(t){let e=t?ss(t):rs();function n(o,r){if(!t)
return null;let[s,i]=e.of(o,r);return[s+t.east0,i+t.north0]}return{rule:t?"plane":"degrees",area:o=>ts(o,e),length:o=>ns(
o,e),plane:n,degrees:(o,r)=>t?e.back(o-t.east0,r-t.north0):null}}function ts(t,e){if(t.length<3)return 0;let n=t.map(([a,
u])=>e.of(a,u)),[o,r,s,i]=os(n),c=(o+r)/2,l=mn(Math.max(r-o,i-s),e),f=0;return n.forEach((a,u)=>{f+=es(n[u?u-1:n.length-
1],a,c,l,e)}),Math.abs(f)}function es([t,e],[n,o],r,s,i){let c=0;for(let[l,f]of s){let a=t-r+l*(n-t),u=e+l*(o-e);for(let[
d,h]of s){let[m,y]=i.metres(r+d*a,u);c+=f*h*m*y*a*(o-e)}}return c}function ns(t,e){let n=t.map(([r,s])=>e.of(r,s)),o=0;return n.
slice(1).forEach(([r,s],i)=>{let[c,l]=n[i],f=r-c,a=s-l;for(let[u,d]of mn(Math.hypot(f,a),e)){let[h,m]=e.metres(c+u*f,l+u*
a);o+=d*Math.hypot(f*h,a*m)}}),o}function os(t){return t.reduce(([e,n,o,r],[s,i])=>[Math.min(e,s),Math.max(n,s),Math.min(
o,i),Math.max(r,i)],[1/0,-1/0,1/0,-1/0])}function mn(t,e){return t*e.unit<Kr?Jr:Qr}function pn(t){return t.flatMap(([e,n])=>(e?
[-e,e]:[0]).map(o=>[(1+o)/2,n/2]))}function rs(){let t=(2-1/un)/un;return{unit:fn*W,of:(e,n)=>[e,n],metres:(e,n)=>{let o=Math.
sin(n*W),r=1-t*o*o,s=fn/Math.sqrt(r)*W;return[s*Math.cos(n*W),s*(1-t)/r]},back:(e,n)=>[e,n]}}function ss({lon0:t,lat0:e,
k0:n,a:o,rf:r}){let s=1/r,i=s/(2-s),c=s*(2-s),l=n*o/(1+i)*(1+i**2/4+i**4/64+i**6/256),f=dn(Xr,i),a=dn(Yr,i),u=l*cs(e,c,f);
function d(m,y){let p=qt(Math.tan(y*W),c),g=(m-t)*W,w=Math.atan2(p,Math.cos(g)),E=Math.asinh(Math.sin(g)/Math.hypot(p,Math.
cos(g))),v=w,I=E;return f.forEach((b,k)=>{let O=2*(k+1);v+=b*Math.sin(O*w)*Math.cosh(O*E),I+=b*Math.cos(O*w)*Math.sinh(O*
E)}),[l*I,l*v-u]}function h(m,y){let{xi:p,eta:g,stretch:w}=as((y+u)/l,m/l,a),E=Math.sinh(g),v=Math.cos(p),I=Math.sin(p)/
Math.hypot(E,v),b=Math.atan2(E,v),k=is(I,c),O=Math.sqrt(1+k**2-c*k**2),S=l/o/w*O/Math.hypot(I,Math.cos(b));return{angle:b,
tangent:k,scale:S}}return{unit:1,of:d,metres:(m,y)=>{let p=1/h(m,y).scale;return[p,p]},back:(m,y)=>{let{angle:p,tangent:g}=h(
m,y);return[t+p/W,Math.atan(g)/W]}}}function dn(t,e){return t.map((n,o)=>n.reduceRight((r,s)=>(r+s)*e,0)*e**o)}function qt(t,e){
let n=Math.sqrt(e),o=Math.hypot(1,t),r=Math.sinh(n*Math.atanh(n*t/o));return t*Math.hypot(1,r)-r*o}function is(t,e){let n=t/
(1-e);for(let o=0;o<5;o+=1){let r=qt(n,e),s=(1-e)*Math.hypot(1,n)*Math.hypot(1,r)/(1+(1-e)*n**2),i=(t-r)/s;if(n+=i,Math.
abs(i)<1e-9*Math.hypot(1,n))break}return n}function cs(t,e,n){let o=Math.atan(qt(Math.tan(t*W),e));return n.reduce((r,s,i)=>r+
s*Math.sin(2*(i+1)*o),o)}function as(t,e,n){let o=t,r=e,s=1,i=0;return n.forEach((c,l)=>{let f=2*(l+1),a=Math.sin(f*t),u=Math.
cos(f*t),d=Math.sinh(f*e),h=Math.cosh(f*e);o-=c*a*h,r-=c*u*d,s-=f*c*u*h,i+=f*c*a*d}),{xi:o,eta:r,stretch:Math.hypot(s,i)}}var ls=12,fs=3,us=1e4,ds=15,hs="#2b75b8",gn="#1c4f7f",ms=[Vt("fill","fill","Polygon",{"fill-color":hs,"fill-opacity":.18}),
Vt("line","line","LineString",{"line-color":gn,"line-width":2.4}),Vt("dot","circle","Point",{"circle-radius":5,"circle-c\
olor":"#ffffff","circle-stroke-color":gn,"circle-stroke-width":2.4})];function wn(t){let{map:e,words:n}=t,o=x("measured",
HTMLElement),r=hn(t.data.plane),s=[],i=!1,c=!1;function l(){e.getSource("ruler")||(e.addSource("ruler",{type:"geojson",data:yn(
s,c)}),ms.forEach(p=>e.addLayer(p))),e.getSource("ruler").setData(yn(s,c)),o.replaceChildren(...f().map(ps)),s.length&&o.
append(N(n.measure_again,u))}function f(){if(s.length<2)return[[n.measure_start]];let p=[[n.distance,`${vt(r.length(Zt(s,
c)),2)} m`]];return c?p.push([n.area,gs(s)?n.crossing:a(r.area(s))]):s.length>2&&p.push([n.measure_close]),p.push([r.rule===
"plane"?n.rule_plane:n.rule_degrees]),p}function a(p){let g=p/us;return`${vt(p,2)} m² · ${vt(g,4)} ha · ${vt(g*ds,4)}\
 ${n.mu}`}function u(){s=[],c=!1,l()}function d(){c=!0,l()}function h(p){i=p,o.hidden=!i,e.getCanvas().style.cursor=i?"c\
rosshair":"",e.doubleClickZoom[i?"disable":"enable"](),u()}function m(p){if(!i)return;c&&u();let g=w=>{let{x:E,y:v}=e.project(
w);return Math.hypot(E-p.point.x,v-p.point.y)};if(s.length>2&&g(s[0])<ls){d();return}s.length>1&&g(s[s.length-1])<fs||(s.
push([p.lngLat.lng,p.lngLat.lat]),l())}function y(p){i&&p.key==="Backspace"&&(s.pop(),l()),i&&p.key==="Escape"&&u()}return e.
on("click",m),e.on("dblclick",()=>{i&&s.length>2&&!c&&d()}),e.getCanvas().addEventListener("keydown",y),{toggle:h,on:()=>i}}
function Vt(t,e,n,o){return{id:`ruler-${t}`,type:e,source:"ruler",filter:["==",["geometry-type"],n],paint:o}}function Zt(t,e){
return e?[...t,t[0]]:t}function yn(t,e){let n=t.map(r=>["Point",r]);return t.length>1&&n.push(["LineString",Zt(t,e)]),e&&
n.push(["Polygon",[Zt(t,e)]]),{type:"FeatureCollection",features:n.map(([r,s])=>({type:"Feature",properties:{},geometry:{
type:r,coordinates:s}}))}}function vt(t,e){return t.toLocaleString("en",{minimumFractionDigits:e,maximumFractionDigits:e})}
function ps([t,e]){if(e===void 0)return M("p","small",t);let n=M("p","",`${t} `);return n.append(M("b","",e)),n}function gs(t){
let e=[...t,t[0]];for(let n=0;n<t.length;n+=1)for(let o=n+2;o<t.length;o+=1)if(!(n===0&&o===t.length-1)&&ys(e[n],e[n+1],
e[o],e[o+1]))return!0;return!1}function ys(t,e,n,o){return Tt(t,e,n)!==Tt(t,e,o)&&Tt(n,o,t)!==Tt(n,o,e)}function Tt(t,e,n){
return Math.sign((e[0]-t[0])*(n[1]-t[1])-(e[1]-t[1])*(n[0]-t[0]))}var pt=30,ws=200;function bn(t){let{words:e}=t,n=x("query",HTMLInputElement),o=x("count",HTMLElement);function r(){let s=n.
value.trim().toLowerCase();t.hits=s?new Map(t.layers.map(l=>[l.id,l.facts.holding(s)])):null;let{total:i,best:c}=bs(t,s);
return o.textContent=s?i?`${R(i)} ${e.search_count}`:e.search_none:"",x("found",HTMLElement).replaceChildren(...c.map(l=>Ms(
l,t))),t.table.refresh(),c}n.addEventListener("input",r),x("search",HTMLFormElement).addEventListener("submit",s=>{s.preventDefault();
let[i]=r();i&&t.fly(i)})}function bs(t,e){var c,l;let n=[],o=[],r=new Map,s=0;for(let f of t.table.tabled)(l=(c=t.hits)==
null?void 0:c.get(f.id))==null||l.forEach((a,u)=>{var h,m;let d=f.facts.category[u]>=0;if(!(!a||d&&!t.seen(f,u))&&(s+=d?
1:0,n.length<pt||o.length<pt)){let y=((h=f.facts.name(u))!=null?h:"").toLowerCase(),p=y.includes(e)?n:o;d&&p.length<pt?p.
push([f,u]):!d&&p===n&&r.size<pt&&r.set(`${f.id} ${y}`,(m=r.get(`${f.id} ${y}`))!=null?m:[f,u])}});let i=[...n,...r.values(),
...o].slice(0,pt);return{total:s+r.size,best:i}}function Ms([t,e],n){let o=M("li"),r=N(null,()=>n.fly([t,e])),s=t.facts.
name(e)||n.words.unnamed;return r.append(M("span","",s.slice(0,ws)),M("b","",t.title)),o.append(r),o}async function xn(t,e){var f,a;let n=await createImageBitmap(new Blob([t])),{width:o,height:r}=n,s=new OffscreenCanvas(o,
r).getContext("2d"),i=e.filter(({look:u})=>u.hatch&&u.fill);if(!i.length||s===null)return n;s.drawImage(n,0,0);let c=s.getImageData(
0,0,o,r),l=new Uint32Array(c.data.buffer);for(let{look:u}of i)xs(l,o,Mn((f=u.fill)!=null?f:""),Mn((a=u.stripe)!=null?a:"\
#ffffff"));return createImageBitmap(c)}function xs(t,e,n,o){for(let r=0;r<t.length;r+=1)t[r]===n&&(r%e+Math.floor(r/e))%
9<3&&(t[r]=o)}function Mn(t){let[e,n,o]=[1,3,5].map(r=>Number.parseInt(t.slice(r,r+2),16));return(255<<24|o<<16|n<<8|e)>>>
0}var Es=[["MultiPolygon",2],["MultiLineString",1],["MultiPoint",0]],En=new Map,Gt=new Map,Kt=new Map;function An(){maplibregl.
addProtocol("held",async({url:t})=>{var s;let[,e,n]=(s=/^held:\/\/([^/]+)\/(.+)$/.exec(t))!=null?s:[],o=Gt.get(e),r=o==null?
void 0:o.ranges.get(n);return{data:o&&r?await it(o.bytes.subarray(...r)):new ArrayBuffer(0)}}),maplibregl.addProtocol("p\
icture",async({url:t})=>{let e=await Kt.get(t);return{data:e?await createImageBitmap(e):new ArrayBuffer(0)}})}async function Ln(t,e,n){
let{shape:o}=t;return o.kind==="tiles"?ks(t.id,o):o.kind==="reached"?As(t,o,n):o.kind==="picture"?Ls(t,o):Ts(t,o,e)}async function As({
id:t},e,{selected:n,view:o}){return{type:"geojson",data:{type:"FeatureCollection",features:[...n?await bt(t,e,n[1],o==null?
void 0:o.id):[]].reverse().map(({row:c,coordinates:l})=>({type:"Feature",id:c,properties:{i:c,v:c,z:0},geometry:{type:"M\
ultiPolygon",coordinates:l}}))},promoteId:"i",maxzoom:20,tolerance:.2}}function Ls({picture:t="",categories:e},{bounds:[
n,o,r,s]}){let i=`picture://${t}`;return Kt.has(i)||Kt.set(i,xn(K(t),e)),{type:"image",url:i,coordinates:[[n,s],[r,s],[r,
o],[n,o]]}}function ks(t,{body:e,index:n,least:o,deepest:r}){return Gt.has(t)||Gt.set(t,{ranges:vs(n),bytes:K(e)}),{type:"\
vector",tiles:[`held://${t}/{z}/{x}/{y}`],minzoom:o,maxzoom:r,promoteId:{a:"i",o:"i"}}}function vs(t){let e=new Map;for(let n=0,
o=0;n<t.length;n+=4){let[r,s,i,c]=t.slice(n,n+4);e.set(`${r}/${s}/${i}`,[o,o+c]),o+=c}return e}async function Ts(t,e,n){
return{type:"geojson",data:{type:"FeatureCollection",features:(await Os(t,e)).flatMap(({zoom:i,parts:c},l)=>{if(!n(l))return[];
let f={i:l,v:t.facts.category[l],z:i},a=Ss(c);return t.tabled&&c.some(({dimension:u})=>u===2)&&a.push({type:"Point",coordinates:[
t.facts.lon[l],t.facts.lat[l]]}),a.map(u=>({type:"Feature",id:l,properties:f,geometry:u}))})},promoteId:"i",maxzoom:20,tolerance:.2}}
function Os(t,{body:e,scale:n}){let o=En.get(t.id),r=o!=null?o:it(K(e)).then(s=>Cs(new Uint8Array(s),t.facts.size,n));return En.
set(t.id,r),r}function Ss(t){return Es.flatMap(([e,n])=>{let o=t.filter(({dimension:s})=>s===n).map(({lines:s})=>s);if(!o.
length)return[];let r=n===2?o:n===1?o.flat():o.flatMap(([s])=>s);return[{type:e,coordinates:r}]})}function Cs(t,e,n){let o=gt(
t),r=0,s=0,i=()=>(r+=o(),s+=o(),[r/n,s/n]),c=()=>Ot(o(),i),l=()=>({dimension:o(),lines:Ot(o(),c)});return Ot(e,()=>({zoom:o(),
parts:Ot(o(),l)}))}function Ot(t,e){return Array.from({length:t},e)}var Xt={pixelRatio:2},St=16,kn=24,Is={size:50,ring:4},q={font:26,height:40,margin:7,halo:7},vn={stripes:[[-8,8,8,-8],[-8,
24,24,-8],[8,24,24,8]],counter:[[-8,8,8,24],[-8,-8,24,24],[8,-8,24,8]],level:[[0,4,16,4],[0,12,16,12]],grid:[[0,0,16,16],
[0,16,16,0]]};function On(t,e){t.on("styleimagemissing",({id:n})=>{var c,l,f;let[o,r,s]=n.split("|"),i=e.layers.find(a=>a.
id===r);if(!(!i||t.hasImage(n))){if(o==="name"&&t.addImage(n,$s(i,Number(s),e),Xt),o==="rank"){let{look:a}=i.categories[i.
facts.category[Number(s)]];t.addImage(n,Rs((l=(c=i.facts.ranks)==null?void 0:c[Number(s)])!=null?l:0,a.stroke||"#9b2705"),
Xt)}if(o==="hatch"){let{look:a}=i.categories[Number(s)];t.addImage(n,Ps((f=a.hatch)!=null?f:"",a.stripe||"#ffffff"),Xt)}}})}
function $s(t,e,n){var c;let o=t.categories[t.facts.category[e]],r=(c=t.facts.name(e))!=null?c:"";if(!o.outcome)return Tn(
r,o.look.stroke||"#2b2721");let{code:s,colour:i}=n.data.outcomes[o.outcome];return Tn(`${s} ${r}`,i)}function Ps(t,e){var o;
let n=Ct(St,St);n.strokeStyle=e,n.lineWidth=t==="grid"?2:5,n.globalAlpha=.75,n.beginPath();for(let[r,s,i,c]of(o=vn[t])!=
null?o:vn.stripes)n.moveTo(r,s),n.lineTo(i,c);return n.stroke(),n.getImageData(0,0,St,St)}function Tn(t,e){let n=t.length>
kn?`${t.slice(0,kn-1)}…`:t,o=`600 ${q.font}px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`,
r=q.height/2+1,s=Ct(1,1);s.font=o;let i=Math.ceil(s.measureText(n).width)+2*q.margin,c=Ct(i,q.height);return Object.assign(
c,{font:o,textBaseline:"middle",lineJoin:"round",lineWidth:q.halo}),c.strokeStyle="rgba(255,254,250,.92)",c.strokeText(n,
q.margin,r),c.fillStyle=e,c.fillText(n,q.margin,r),c.getImageData(0,0,i,q.height)}function Rs(t,e){let{size:n,ring:o}=Is,
r=Ct(n,n),s=n/2;r.beginPath(),r.arc(s,s,s-o,0,2*Math.PI),r.fillStyle="#ffffff",r.fill(),r.strokeStyle="#ffffff",r.lineWidth=
2*o,r.stroke(),r.strokeStyle=e,r.lineWidth=o,r.stroke();let i=`700 ${q.font-3}px ${getComputedStyle(document.documentElement).
getPropertyValue("--font")}`;return Object.assign(r,{font:i,fillStyle:e,textAlign:"center",textBaseline:"middle"}),r.fillText(
String(t),s,s+1),r.getImageData(0,0,n,n)}function Ct(t,e){let n=document.createElement("canvas");n.width=t,n.height=e;let o=n.
getContext("2d",{willReadFrequently:!0});if(o===null)throw new Error("this browser cannot draw");return o}var $n=["picture","fill","hatch",...lt,"dot"],Yt=["names","ranks"],Hs=[...$n,...Yt],Pn={map:null,async show(){},hide(){},
restyle(){},remake(){},mask(){},choose(){}};function It(t,e){let n=new Map,o=new Set;On(t,e);async function r(a){if(n.has(
a.id))return;let u=Symbol(a.id);n.set(a.id,u);let d=Ds(a,e),h=d&&await Ln(a,d,e);if(!h||n.get(a.id)!==u)return;t.addSource(
a.id,h);let m=zs(t,e.layers,a);Pe(a).forEach(y=>t.addLayer(y,m)),a.labelled&&(t.addSource(`${a.id}|names`,He(a)),t.addLayer(
Re(a),Rn(t,"ranks"))),a.ranked&&(t.addSource(`${a.id}|ranks`,ze(a)),t.addLayer(De(a))),l(a),f(a,a.chosen,!0)}function s(a){
n.delete(a.id),o.delete(a.id);for(let u of Cn(t,a))t.removeLayer(`${a.id}|${u}`);for(let u of[a.id,...Sn(t,a)].filter(d=>t.
getSource(d)))t.removeSource(u)}function i(a){let u=ft(a),d=ut(a);for(let h of Cn(t,a)){let m=`${a.id}|${h}`;h in d&&t.setFilter(
m,d[h]);for(let[y,p]of Object.entries(u[h]).filter(([g])=>g.endsWith("opacity")))t.setPaintProperty(m,y,p)}}function c(a){
n.has(a.id)&&(s(a),r(a))}function l(a){var d;if(!t.getSource(a.id)||!a.mask&&!o.has(a.id))return;let u=Sn(t,a).map(h=>({
source:h}));for(let h of[...In(a),...u])t.removeFeatureState(h),(d=a.mask)==null||d.forEach((m,y)=>{m||t.setFeatureState(
{...h,id:y},{off:!0})});a.mask?o.add(a.id):o.delete(a.id)}function f(a,u,d){u!==null&&t.getSource(a.id)&&In(a).forEach(h=>t.
setFeatureState({...h,id:u},{chosen:d}))}return{map:t,show:r,hide:s,restyle:i,remake:c,mask:l,choose:f}}function Ds({facts:t,
categories:e,companion:n,of:o,shape:r},s){var l;if(!e.length)return null;if(!n)return f=>t.category[f]>=0;let[i,c]=(l=s.
selected)!=null?l:[];return(i==null?void 0:i.id)!==o?null:f=>{var a;return r.kind==="reached"||((a=t.owner)==null?void 0:
a[f])===c}}function zs(t,e,n){let r=e.slice(0,e.indexOf(n)).reverse().flatMap(({id:s})=>$n.map(i=>`${s}|${i}`)).find(s=>t.
getLayer(s));return r!=null?r:Rn(t,...Yt)}function Rn(t,...e){var o;return(o=t.getStyle().layers.find(({id:r})=>e.some(s=>r.
endsWith(`|${s}`))))==null?void 0:o.id}function Sn(t,e){return Yt.map(n=>`${e.id}|${n}`).filter(n=>t.getSource(n))}function Cn(t,e){
return Hs.filter(n=>t.getLayer(`${e.id}|${n}`))}function In(t){return t.shape.kind==="picture"?[]:t.shape.kind!=="tiles"?
[{source:t.id}]:["a","o"].map(e=>({source:t.id,sourceLayer:e}))}function Hn(t,e){let n=new Uint8Array(21),o=new DataView(n.buffer);o.setUint32(0,9),n.set(new TextEncoder().encode("pHYs"),
4),o.setUint32(8,Math.round(e/.0254)),o.setUint32(12,Math.round(e/.0254)),n[16]=1,o.setUint32(17,Us(n.subarray(4,17)));let r=new Uint8Array(
t.length+n.length);return r.set(t.subarray(0,33)),r.set(n,33),r.set(t.subarray(33),33+n.length),r}function Us(t){let e=4294967295;
for(let n of t){e^=n;for(let o=0;o<8;o+=1)e=e&1?e>>>1^3988292384:e>>>1}return(e^4294967295)>>>0}var Dn={stripes:"M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",counter:"M4 2l12 14M12 2l12 14M20 2l8 9",level:"M2 6H28M2 12\
H28",grid:"M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9"};function X(t){let e=t.line?[Ns(t)]:t.point?[Fs(
t)]:_s(t);return tt("0 0 30 18",[30,18],e,"swatch")}function Ns({stroke:t,weight:e=0,dash:n=""}){return["path",{d:"M1 9H\
29",stroke:t,"stroke-width":Math.max(1,e),"stroke-dasharray":n,fill:"none"}]}function Fs({fill:t,stroke:e,ring:n=0}){return[
"circle",{cx:15,cy:9,r:5,fill:t||e,stroke:e||"none","stroke-width":n}]}function _s(t){var s,i,c;let e=["rect",{x:1.5,y:1.5,
width:27,height:15,rx:2,fill:t.fill_opacity!==0&&t.fill||"none","fill-opacity":(s=t.fill_opacity)!=null?s:1,stroke:t.stroke||
"none","stroke-width":(i=t.weight)!=null?i:0,"stroke-dasharray":t.dash||""}];if(!t.hatch)return[e];let n=(c=Dn[t.hatch])!=
null?c:Dn.stripes,o=t.hatch==="grid"?1:2.4,r={d:n,stroke:t.stripe||"#ffffff","stroke-width":o,fill:"none","stroke-opacit\
y":.8};return[e,["path",r]]}function zn(t){let e=x("key",HTMLElement),n;return()=>{var c;let o=(c=t.swipe)==null?void 0:c.sides(),r=t.layers.find(l=>l.
keyed&&l.on),s=o?o.map(Jt):r?[Bs(r,t),js(r,t)]:[Ws(t)],i=JSON.stringify(s);i!==n&&(n=i,e.hidden=!s.some(({steps:l})=>l.length),
e.classList.toggle("narrow-only",!o&&!r),e.classList.toggle("sides",!!o),e.replaceChildren(...s.map(qs)))}}function Bs(t,{
view:e}){var n;return{title:(n=e==null?void 0:e.title)!=null?n:t.title,steps:t.categories}}function js(t,{layers:e}){return{
...Jt({title:"",layers:e.filter(n=>n.on&&n!==t)}),narrow:!0}}function Ws({layers:t,words:e}){return Jt({title:e.key,layers:t.
filter(n=>n.on)})}function Jt({title:t,layers:e}){let n=e.filter(r=>!r.companion),o=n.filter(r=>r.ground);return{title:t,
steps:[...n.filter(r=>!r.ground),...o].flatMap(Vs)}}function qs({title:t,steps:e,narrow:n}){let o=M("div",n?"part narrow\
-only":"part");return o.append(...t?[M("p","head",t)]:[],...e.map(Zs)),o}function Vs(t){let e=Qt(t);return t.categories.
length===1?e.map(n=>({...n,title:t.title,told:null})):e}function Qt({categories:t,hidden:e,counted:n,shape:o}){let r=o.kind===
"picture";return t.filter((s,i)=>!e.has(i)&&(r||n[i]!==0))}function Zs({title:t,look:e,told:n}){let o=M("p","step");return o.
append(X(e),M("span","",t),M("b","",n)),o}var $t=300,te=25.4,Nn=96,Y={width:297,height:210},H={left:10,top:27,width:209,height:164},rt={left:224,top:27,width:63,height:164},
Pt="#1c1a17",Un="#66615a",Fn="#ffffffd8",Gs=5.6,Ks=3.4,Xs=40075016686e-3,Ys=512,Js=60,Qs=400,ti=6e4;function _n(t){let{words:e}=t,
n=x("told",HTMLElement),o=!1;async function r(){var s,i;if(!o){o=!0,n.textContent=e.saving;try{let c=document.createElement(
"canvas");await Wt(t,"sheet",$t/Nn,()=>ei(c,t)),di(await fi(c),`${ui(`${Bn(t)[0]} ${(i=(s=t.view)==null?void 0:s.id)!=null?
i:""}`)}.png`)}finally{n.textContent="",o=!1}}}return{save:r}}async function ei(t,e){let{map:n,data:o}=e;t.width=Math.round(
Y.width*$t/te),t.height=Math.round(Y.height*$t/te);let r=t.getContext("2d");r.scale(t.width/Y.width,t.height/Y.height),r.
fillStyle="#ffffff",r.fillRect(0,0,Y.width,Y.height),kt(r,e,H),r.strokeStyle=Pt,r.lineWidth=.4,r.strokeRect(H.left,H.top,
H.width,H.height);let[s,i]=Bn(e),c=Y.width-2*H.left,l=new Date().toLocaleDateString("sv");J(r,s,{x:H.left,y:16.5,size:7,
room:c,bold:!0}),J(r,i,{x:H.left,y:23.4,size:4,room:c,colour:Un}),J(r,`${o.printed} · ${l}`,{x:H.left,y:196.5,size:3,room:c}),
J(r,o.sources,{x:H.left,y:201.5,size:3,room:c,colour:Un}),ii(r),ci(r,ai(n.getZoom(),n.getCenter().lat)),await ri(r,ni(e))}
function Bn({view:t}){let[e,n,o]=["#title h1","#title .document",".view:not([hidden]) .value"].map(r=>{var s,i,c;return(c=
(i=(s=document.querySelector(r))==null?void 0:s.textContent)==null?void 0:i.trim())!=null?c:""});return[e,[...new Set([n,
t==null?void 0:t.title,o])].filter(Boolean).join(" · ")]}function ni({layers:t,map:e,swipe:n}){var i;let o=n==null?void 0:
n.sides(),r=(c,l)=>c.filter(({id:f})=>l.getSource(f)).flatMap(oi);if(!o)return r(t,e);let s=[e,(i=n==null?void 0:n.second())==
null?void 0:i.map];return o.flatMap(({title:c,layers:l},f)=>[{look:null,words:c},...r(l,s[f])])}function oi(t){let{title:e}=t,
n=Qt(t);if(n.length===1){let[{look:r,title:s}]=n;return[{look:r,words:s===e||!s?e:`${e}: ${s}`}]}let o=n.map(({look:r,title:s})=>({
look:r,words:s}));return o.length?[{look:null,words:e},...o]:[]}async function ri(t,e){let n=Math.max(Ks,Math.min(Gs,rt.
height/Math.max(1,e.length))),o=Math.floor(rt.height/n),r=e.length>o?[...e.slice(0,o-1),{look:null,words:"…"}]:e,s=await Promise.
all(r.map(({look:i})=>i&&si(i)));for(let[i,{words:c}]of r.entries()){let l=rt.top+(i+.7)*n,f=s[i],a=f?1.2*n+1.6:0;f&&t.drawImage(
f,rt.left,l-.58*n,1.2*n,.72*n),J(t,c,{x:rt.left+a,y:l,size:.58*n,room:rt.width-a,bold:!f})}}async function si(t){let e=X(
t);e.setAttribute("width","120"),e.setAttribute("height","72");let n=new Image;return n.src=`data:image/svg+xml,${encodeURIComponent(
new XMLSerializer().serializeToString(e))}`,await n.decode(),n}function ii(t){let e=H.left+H.width-9,n=H.top+5;t.fillStyle=
Fn,t.fillRect(e-5,n-2,10,18),t.fillStyle=Pt,t.beginPath(),t.moveTo(e,n),t.lineTo(e+3,n+9.5),t.lineTo(e,n+7.6),t.lineTo(e-
3,n+9.5),t.fill(),J(t,"N",{x:e-1.4,y:n+14,size:4,room:9,bold:!0})}function ci(t,e){let n=li(H.width/4*e),o=n/e,r=H.left+
5,s=H.top+H.height-5,i=n>=1e3?`${n/1e3} km`:`${n} m`,c=Number((e*1e3).toPrecision(2)).toLocaleString("en");t.fillStyle=Fn,
t.fillRect(r-2,s-8.5,Math.max(o,36)+4,10.5),t.fillStyle=Pt,t.lineWidth=.25,t.fillRect(r,s-1.6,o/2,1.6),t.strokeRect(r,s-
1.6,o,1.6),J(t,`${i}   ≈ 1:${c}`,{x:r,y:s-3.4,size:3.2,room:60})}function ai(t,e){return Xs*Math.cos(e*Math.PI/180)/(Ys*
2**t)*Nn/te}function li(t){let e=10**Math.floor(Math.log10(t));return Math.max(...[1,2,5].map(n=>n*e).filter(n=>n<=t))}function J(t,e,{
x:n,y:o,size:r,room:s,colour:i=Pt,bold:c=!1}){t.font=`${c?700:400} ${r}px ${getComputedStyle(document.body).fontFamily}`,
t.fillStyle=i;let l=[...e.replace(/\s+/g," ")].slice(0,Qs);for(;l.length>1&&t.measureText(l.join("")).width>s;)l=[...l.slice(
0,l.at(-1)==="…"?-2:-1),"…"];t.fillText(l.join(""),n,o)}async function fi(t){let e=await new Promise(n=>t.toBlob(n,"\
image/png"));if(!e)throw new Error("the browser made no picture of the sheet");return new Blob([Hn(new Uint8Array(await e.
arrayBuffer()),$t)],{type:"image/png"})}function ui(t){return[...t.replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu,"_")].slice(0,Js).
join("").replace(/^[.\s]+|[.\s]+$/g,"")||"map"}function di(t,e){let n=document.createElement("a");n.href=URL.createObjectURL(
t),n.download=e,n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),ti)}var jn=.02,Wn=.05,hi="broken.";function qn(t){let{map:e,layers:n}=t,o=x("other",HTMLElement),r=x("stage",HTMLElement),s=x(
"divider",HTMLElement),i=x("swiping",HTMLElement),c=x("left",HTMLSelectElement),l=x("right",HTMLSelectElement),f=null,a=.5,
u=!1;function d(){u&&f&&(ee(t.first,ne(c.value,n),n),ee(f,ne(l.value,n),n)),t.tree.refresh()}function h(g){a=Math.max(jn,
Math.min(1-jn,g));let w=Math.round(a*r.clientWidth);o.style.clipPath=`inset(0 0 0 ${w}px)`,s.style.left=`${w}px`,s.setAttribute(
"aria-valuenow",String(Math.round(100*a)))}async function m(){let g=jt({container:o,center:e.getCenter(),zoom:e.getZoom(),
interactive:!1});return o.style.pointerEvents="none",f=It(g,t),e.on("move",()=>{u&&g.jumpTo({center:e.getCenter(),zoom:e.
getZoom()})}),new ResizeObserver(()=>{u&&(g.resize(),h(a))}).observe(r),await new Promise(w=>g.once("load",w)),f}async function y(g){
u=g;for(let w of[o,s,i])w.hidden=!u;if(!u){let w=n.filter(E=>E.on);ee(t.first,w,n),t.tree.refresh();return}f||([c.value,
l.value]=yi(n),await m(),t.laid()),f==null||f.map.resize(),f==null||f.map.jumpTo({center:e.getCenter(),zoom:e.getZoom()}),
h(a),d()}let p=(g,w)=>({title:`${w}: ${g.selectedOptions[0].textContent}`,layers:ne(g.value,n)});for(let g of[c,l])g.append(
...mi(t)),g.addEventListener("change",d);return s.addEventListener("pointerdown",g=>{s.setPointerCapture(g.pointerId),g.
preventDefault()}),s.addEventListener("pointermove",g=>{if(s.hasPointerCapture(g.pointerId)){let w=r.getBoundingClientRect();
h((g.clientX-w.left)/w.width)}}),s.addEventListener("keydown",g=>{let w={ArrowLeft:-Wn,ArrowRight:Wn}[g.key];w&&(g.preventDefault(),
h(a+w))}),{toggle:y,apply:d,at:g=>u&&f&&g>a*r.clientWidth?f.map:e,on:()=>u,second:()=>f,sides:()=>u&&f?[p(c,t.words.left),
p(l,t.words.right)]:null,place:()=>a,moveTo:h}}function ee(t,e,n){for(let o of n)e.includes(o)?t.show(o):t.hide(o)}function Vn(t){
return[...new Set(t.map(e=>e.group))]}function mi({layers:t,words:e}){let n=Vn(t).map((s,i)=>{let c=M("optgroup"),l=t.filter(
f=>f.group===s);return c.label=s,l.length>1&&c.append(B(`group ${i}`,`${s}: ${e.all}`)),c.append(...l.map(f=>B(`layer ${f.
id}`,f.title))),c}),o=t.find(s=>s.earlier),r=o?[B("before",o.group),B("after",e.this_run)]:[];return[B("on",e.what_is_on),
...r,...n]}function ne(t,e){var i;if(t==="on")return e.filter(c=>c.on);if(t==="before"||t==="after"){let c=t==="before",
l=[...pi(e)[c?0:1],...gi(e)[c?0:1]],f=({on:a,ground:u,measured:d})=>a&&u&&!d;return e.filter(a=>l.includes(a)||f(a))}let[
,n,o]=(i=/^(\w+) (.*)$/s.exec(t))!=null?i:[],r=Vn(e)[Number(o)],s=c=>n==="group"?c.group===r:c.id===o;return e.filter(c=>s(
c)||c.on&&c.ground)}function pi(t){let e=t.filter(i=>i.earlier&&!i.measured),n=new Set(e.map(i=>i.earlier)),o=t.filter(({
id:i})=>n.has(i)||i.startsWith(hi)),r=new Set([...e,...o].filter(i=>i.on).map(i=>{var c;return(c=i.earlier)!=null?c:i.id})),
s=i=>{var c;return!r.size||r.has((c=i.earlier)!=null?c:i.id)};return[e.filter(s),o.filter(s)]}function gi(t){let e=new Set(
t.filter(o=>o.on&&o.measured).map(({id:o})=>o));return[t.filter(({id:o,earlier:r,measured:s})=>r&&s&&(e.has(o)||e.has(r))),
t.filter(({id:o,earlier:r})=>e.has(o)&&!r)]}function yi(t){var n;if(t.some(o=>o.earlier))return["before","after"];let e=(n=
t.filter(o=>!o.on&&o.tabled).pop())!=null?n:t[0];return["on",e?`layer ${e.id}`:"on"]}var st=30,Zn=12,wi=300,Gn=8,oe={name:210,number:138,text:170};function Xn(t){let{words:e}=t,n=x("twin-head",HTMLTableSectionElement),
o=x("twin-body",HTMLTableSectionElement),r=x("twin",HTMLTableElement),s=x("scroller",HTMLElement),i=x("of",HTMLSelectElement),
c=x("rows",HTMLElement),l=x("fold",HTMLButtonElement),f=t.layers.filter(A=>A.tabled&&A.facts.size),a=null,u=[],d=[],h=null,
m=!1,y=0,p=[-1,-1];function g(A){if(!A)return;a=A,i.value=A.id,h=null,u=bi(A,e);let T=M("tr");T.append(...u.map((C,$)=>xi(
C,$,()=>w($,T)))),n.replaceChildren(T),r.style.width=`${u.reduce((C,$,z)=>C+Yn($,z),0)}px`,E()}function w(A,T){m=h===A&&
!m,h=A,Array.from(T.children).forEach((C,$)=>{C.setAttribute("aria-sort",$!==A?"none":m?"descending":"ascending")}),E()}
function E(){a&&(d=Mi(a,t),h!==null&&(d=a.facts.sorted(d,u[h].value,m)),c.textContent=e.rows.replace("{count}",R(d.length)).
replace("{total}",R(a.facts.size)),r.setAttribute("aria-rowcount",String(d.length+1)),y=Math.min(y,Math.max(0,d.length-1)),
s.scrollTop=0,v())}function v(){p=[-1,-1],I()}function I(){if(!a)return;let A=Math.max(0,Math.floor(s.scrollTop/st)-Zn),
T=Math.min(d.length,A+Math.ceil(s.clientHeight/st)+2*Zn);if(A===p[0]&&T===p[1])return;p=[A,T];let C=[];for(let z=A;z<T;z+=
1)C.push(k(a,z));let $=o.contains(document.activeElement);o.replaceChildren(...b(A),...C,...b(d.length-T)),$&&_()}function b(A){
if(!A)return[];let T=M("tr","room"),C=M("td");return C.colSpan=u.length,C.style.height=`${A*st}px`,T.setAttribute("aria-\
hidden","true"),T.append(C),[T]}function k(A,T){let C=d[T],$=M("tr",A.chosen===C?"chosen":"");return $.setAttribute("ari\
a-rowindex",String(T+2)),$.append(...u.map((z,G)=>G===0?O(A,T,z):S(z,C))),$}function O(A,T,C){let $=d[T],z=C.get($),G=Kn(
C,z),Rt=N(z===null?e.unnamed:z,()=>{y=T,t.fly([A,$])});return Rt.tabIndex=T===y?0:-1,Rt.dataset.at=String(T),G.append(Rt),
G}function S(A,T){var G;let C=A.get(T),$=Kn(A,C),z=(G=A.outcome)==null?void 0:G.call(A,T);return z?$.append(t.verdict(z,
C)):$.textContent=C!=null?C:"",$}function _(){let A=o.querySelector(`button[data-at="${y}"]`);A instanceof HTMLButtonElement&&
A.focus({preventScroll:!0})}function U(A){let T=Ei(A.key,d.length);if(!T)return;A.preventDefault(),y=Math.max(0,Math.min(
d.length-1,y+T));let C=y*st;C<s.scrollTop&&(s.scrollTop=C),C+2*st>s.scrollTop+s.clientHeight&&(s.scrollTop=C+2*st-s.clientHeight),
v(),_()}function D(A){l.setAttribute("aria-expanded",String(A)),s.hidden=!A,document.body.classList.toggle("drawn",A),v()}
return i.append(...f.map(A=>B(A.id,A.title))),i.addEventListener("change",()=>{g(f.find(A=>A.id===i.value)),t.noted()}),
o.addEventListener("keydown",U),s.addEventListener("scroll",I),l.addEventListener("click",()=>D(l.getAttribute("aria-exp\
anded")!=="true")),{open:g,refresh:E,unfold:D,mark:v,layer:()=>a,tabled:f}}function bi(t,e){var s;let{facts:n,categories:o}=t,
r=[...n.columns];return(o.length>1||(s=o[0])!=null&&s.outcome)&&r.splice(1,0,{title:e.verdict_or_class,value:i=>n.category[i],
get:i=>o[n.category[i]].title,outcome:i=>o[n.category[i]].outcome}),n.town&&r.push({title:e.town,value:n.town.get,get:n.
town.get}),n.rule&&r.push({title:e.rule,value:n.rule.get,get:n.rule.get}),r}function Mi(t,e){var r;let n=(r=e.hits)==null?
void 0:r.get(t.id),o=[];for(let s=0;s<t.facts.size;s+=1)e.seen(t,s)&&(!n||n[s])&&o.push(s);return o}function xi(t,e,n){let o=M(
"th"),r=N(t.title,n,t.number?"number":"");return o.scope="col",o.style.width=`${Yn(t,e)}px`,o.setAttribute("aria-sort","\
none"),r.title=t.title,o.append(r),o}function Kn(t,e){let n=M("td",t.number?"number":"");return n.title=(e!=null?e:"").slice(
0,wi),n}function Yn(t,e){return t.number?oe.number:e&&!t.outcome?oe.text:oe.name}function Ei(t,e){var o;return(o={ArrowDown:1,
ArrowUp:-1,PageDown:Gn,PageUp:-Gn,Home:-e,End:e}[t])!=null?o:0}var Li=4e3,ki={zoom_in:"M8 3v10M3 8h10",zoom_out:"M3 8h10",whole:"M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6\
 13.500H2.500V10",measure:"M2 11L11 2l3 3-9 9zM5 8l1.500 1.500M7.500 5.500L9 7M10 3l1.500 1.500",swipe:"M8 2v12M5 5L2 8l\
3 3M11 5l3 3-3 3",print:"M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.500h8V14H4z",save:"M8 2v8M5 7l3 3 3-3M2.500 11v2.500h11V11",link:"\
M7 9l2-2M6 6L3.500 8.500a2.500 2.500 0 0 0 4 4L10 10M6.500 6L9 3.500a2.500 2.500 0 0 1 4 4L10 10"};function Qn(t,e,n,o,r){
let{map:s,data:i}=t,c={animate:!1};x("tools",HTMLElement).append(Q("zoom_in",t,()=>s.zoomIn(c)),Q("zoom_out",t,()=>s.zoomOut(
c)),Q("whole",t,()=>s.fitBounds(i.bounds,{padding:24,...c})),Jn("measure",t,e.toggle),Jn("swipe",t,n.toggle),Q("print",t,
o.print),Q("save",t,r.save),Q("link",t,()=>vi(t)))}function Q(t,{words:e},n){let o=N(null,n);return o.title=e[t],o.dataset.
tool=t,o.setAttribute("aria-label",e[t]),o.append(tt("0 0 16 16",[18,18],[["path",{d:ki[t]}]])),o}function Jn(t,e,n){let o=Q(
t,e,()=>{let r=o.getAttribute("aria-pressed")!=="true";o.setAttribute("aria-pressed",String(r)),n(r)});return o.setAttribute(
"aria-pressed","false"),o}async function vi({words:t,noted:e}){let n=x("told",HTMLElement);e();try{await navigator.clipboard.
writeText(location.href),n.textContent=t.copied}catch(o){n.textContent=t.in_address}setTimeout(()=>{n.textContent=""},Li)}function eo(t){var a,u;let e=zn(t),n=t.layers.map(d=>Ti(d,t)),o=new Map,r=new Map;function s(d){var m;let h=(m=r.get(d))!=
null?m:to(d,"question");return r.has(d)||(r.set(d,h),x("tree",HTMLElement).append(h.root)),h}function i({question:d,group:h}){
var g,w;let m=`${d}
${h}`,y=o.get(m);if(y)return y;let p={...to(h),question:d?s(d):null};return((w=(g=p.question)==null?void 0:g.root)!=null?
w:x("tree",HTMLElement)).append(p.root),o.set(m,p),p}function c(d){let{root:h,question:m}=i(d);h.open=!0,m&&(m.root.open=
!0)}let l=t.layers.find(({ranked:d})=>d);l&&i(l);for(let[d,h]of t.layers.entries()){let m=i(h);m.layers.push(h),(a=m.question)==
null||a.layers.push(h),m.root.append(n[d].root),h.on&&c(h)}function f(){for(let{total:d,layers:h}of[...o.values(),...r.values()])
d.textContent=`${h.filter(m=>m.on).length}/${h.length}`;for(let d of n)d.refresh();e()}return(u=t.map)==null||u.on("zoom\
end",()=>n.forEach(d=>d.hint())),{refresh:f,reveal:d=>c(d)}}function to(t,e=""){let n=M("details",e),o=M("summary"),r=M(
"b");return o.append(M("span","",t),r),n.append(o),{root:n,total:r,layers:[]}}function Ti(t,e){let n=M("div","leaf"),o=M(
"label","key"),r=M("input"),s=M("b"),i=M("p","small hint",e.words.near);r.type="checkbox",r.dataset.layer=t.id,r.addEventListener(
"change",()=>e.turn(t,r.checked));let c=Si(t,e),l=[],f=null;function a(){let h=t.categories.length===1&&(!t.forms.length||
t.categories[0].title===t.title);o.replaceChildren(r,...h?[X(t.categories[0].look)]:[],M("span","",t.title),s),l=h?[]:Oi(
t,e);let m=M("div","classes");m.append(...l.map(({row:y})=>y)),n.replaceChildren(o,i,...h?[]:[m],c),f=t.categories}function u(){
i.hidden=!e.map||!t.on||e.map.getZoom()>=t.least_zoom}function d(){let{left:h,facts:m}=t;t.categories!==f&&a(),n.hidden=
!t.categories.length,n.classList.toggle("on",t.on),r.checked=t.on;let y=h===m.size?R(h):`${R(h)}/${R(m.size)}`;s.textContent=
["picture","reached"].includes(t.shape.kind)?"":y,l.forEach(({row:p,number:g},w)=>{var E;p.hidden=t.hidden.has(w),g.textContent=
(E=t.categories[w].told)!=null?E:R(t.counted[w])}),u()}return d(),{root:n,refresh:d,hint:u}}function Oi(t,e){return t.categories.
map(({title:n,outcome:o,look:r})=>{let s=M("div","key"),i=M("b"),c=M("span","",o?null:n);return o&&c.append(e.verdict(o,
n)),s.append(X(r),c,i),{row:s,number:i}})}function Si(t,e){let{words:n}=e,o=M("label","strength",n.opacity),r=M("input");
return Object.assign(r,{type:"range",min:0,max:100,value:100*t.strength}),r.setAttribute("aria-label",`${n.opacity}: ${t.
title}`),r.addEventListener("input",()=>{t.strength=r.valueAsNumber/100,e.restyle(t)}),o.append(r),o}var Ci=60;function no(t,e){let{data:n,layers:o}=t,{views:r}=n,s=Array.from(document.querySelectorAll("[data-view]")),i=Array.
from(document.querySelectorAll("#views input")),c=new Set(r.flatMap(d=>d.layers));function l(){var m;let d=(m=i.find(({checked:y})=>y))==
null?void 0:m.closest("label"),h=d==null?void 0:d.parentElement;d&&h&&(d.offsetTop<h.scrollTop||Ii(d)>h.scrollTop+h.clientHeight)&&
(h.scrollTop=d.offsetTop-Ci)}function f(d){var m,y,p;if(d===t.view)return;t.view=d;for(let g of s)g.hidden=g.dataset.view!==
d.id;for(let g of i)g.checked=g.value===d.id;l(),t.card.close();for(let g of o.filter(({id:w})=>c.has(w)))et(g,d.layers.
includes(g.id),t);for(let g of o.filter(w=>Ke(w,d.id)))e.recount(g),t.shares().forEach(w=>w.remake(g));t.tree.refresh();
let h=o.find(g=>g.on&&g.tabled&&g.ranked);t.table.open((m=t.table.layer())!=null&&m.on?(y=t.table.layer())!=null?y:void 0:
h),n.alt=d.alt,(p=t.map)==null||p.getCanvas().setAttribute("aria-label",d.alt),t.noted()}function a(d){let h=r.find(m=>m.
id===d||encodeURI(m.id)===d||encodeURIComponent(m.id)===d);return h&&f(h),!!h}function u(d){var v;let[,h,m]=(v=/^([a-z]+)-(\d+)$/.
exec(d))!=null?v:[],y=[t.view,...r].find(I=>I&&h in I.spots);if(!y)return null;let[p,g]=y.spots[h],w=o.find(I=>I.id===p),
E=Number(m)-g;return!w||E<0||E>=w.facts.size?null:(f(y),[w,E])}l(),x("more",HTMLElement).addEventListener("click",l);for(let d of i)
d.addEventListener("change",()=>a(d.value));for(let d of document.querySelectorAll(".gaps button")){let h=o.find(({id:m})=>m===
d.dataset.layer);h&&d.addEventListener("click",()=>t.fly([h,Number(d.dataset.row)]))}return{chooseBy:a,bring:([d,h])=>{a(
Xe(d,h))},featureAt:u,id:()=>r.length>1&&t.view?t.view.id:null}}function Ii(t){return t.offsetTop+t.offsetHeight}var $i="(max-width: 760px), (max-height: 480px)";Pi();async function Pi(){let t=await zt("payload"),e=qe(await zt("facts\
-of-layers")),n=t.layers.map((f,a)=>Ge(f,e[a],t.view)),o=await sn(t);o?o.on("movestart",({originalEvent:f})=>{f&&Ri(o)}):
(x("told",HTMLElement).textContent=t.words.no_webgl,Hi(),document.documentElement.dataset.ready="table");let r=Di(t,n,o),
s=se(r),i=no(r,s),c=ie(r,s,i);r.bring=i.bring,r.tally=s.tally,r.noted=c.write,bn(r),Ui(r),o||(r.card=_e(r));let l=o?zi(r):
[];window.matchMedia($i).matches&&(r.table.unfold(!1),o==null||o.resize()),t.first&&!location.hash&&history.replaceState(
null,"",`#see=${encodeURIComponent(t.first)}`),c.follow(),window.addEventListener("hashchange",c.follow),window.mainMap=
o,o&&(o.on("moveend",c.write),await Promise.all(l),o.once("idle",()=>{so(o),o.once("idle",()=>{ro(),document.documentElement.
dataset.ready="yes"})}),o.triggerRepaint())}function Ri(t){x("still",HTMLImageElement).hidden||(ro(),so(t))}function ro(){
x("still",HTMLImageElement).hidden=!0}function so(t){t.setPixelRatio(void 0)}function Hi(){let t=x("still",HTMLImageElement);
t.classList.remove("waiting"),t.hidden=!1}function Di(t,e,n){let o=new Map(t.rules),r=()=>{},i={data:t,words:t.words,layers:e,
map:n,first:Pn,swipe:null,card:{show:r,close:r},hits:null,selected:null,view:t.views.find(({id:c})=>c===t.view),bring:r,
tally:r,noted:r,laid:r,busy:()=>!1,shares:()=>{var c;return[i.first,(c=i.swipe)==null?void 0:c.second()].filter(Boolean)},
seen:(c,l)=>c.facts.category[l]>=0&&!c.hidden.has(c.facts.category[l])&&(!c.mask||c.mask[l]===1),restyle:c=>i.shares().forEach(
l=>l.restyle(c)),turn:(c,l)=>Fi(i,c,l),choose:c=>_i(i,c),fly:c=>Bi(i,c),open:c=>Ni(i,c),speak:c=>ji(i,c),mapAt:c=>i.swipe?
i.swipe.at(c):n,verdict:(c,l)=>Wi(t,c,l),ruleTitle:c=>{var l;return c===null?null:(l=o.get(c))!=null?l:c}};return i.tree=
eo(i),i.table=Xn(i),i}function zi(t){let{map:e}=t;An(),t.first=It(e,t),t.card=Be(t);let n=wn(t);t.busy=n.on,t.swipe=qn(t);
let o=on(t);return t.laid=o.laid,e.on("error",({sourceId:r,error:s})=>{r!=null&&r.startsWith("ground|")?o.failed():console.
error(s)}),Qn(t,n,t.swipe,an(t),_n(t)),t.layers.filter(r=>r.on).map(r=>t.first.show(r))}function Ui(t){let e=x("only",HTMLInputElement);
e.addEventListener("change",()=>x("tree",HTMLElement).classList.toggle("only",e.checked)),x("more",HTMLElement).addEventListener(
"click",()=>t.open(!document.body.classList.contains("open")))}function Ni({words:t},e){let n=x("more",HTMLElement);document.
body.classList.toggle("open",e),n.setAttribute("aria-expanded",String(e)),n.textContent=e?t.less:t.more}function Fi(t,e,n){
var o;e.on=n,(o=t.swipe)!=null&&o.on()?t.swipe.apply():n?t.first.show(e):t.first.hide(e),t.tree.refresh(),t.tally(),t.noted()}
function _i(t,e){let n=t.selected;t.selected=e,oo(t,n,!1),oo(t,e,!0),t.table.mark(),t.noted()}function oo(t,e,n){if(e){let[
o,r]=e;o.chosen=n?r:null,t.shares().forEach(s=>s.choose(o,r,n));for(let s of t.layers.filter(({companion:i,of:c})=>i&&c===
o.id))t.shares().forEach(i=>i.remake(s))}}function Bi(t,[e,n]){var o;e.facts.category[n]<0&&t.bring([e,n]),e.on||(t.turn(
e,!0),t.tree.reveal(e)),t.open(!1),(o=t.map)==null||o.jumpTo({center:[e.facts.lon[n],e.facts.lat[n]],zoom:Math.max(t.data.
least,e.facts.flown(n))}),t.card.show([[e,n]],[e.facts.lon[n],e.facts.lat[n]])}function ji({words:t},[e,n]){let{title:o,
outcome:r}=e.categories[e.facts.category[n]],s=r||e.categories.length>1?o:"",i=[e.facts.name(n)||t.unnamed,e.title,s];x(
"spoken",HTMLElement).textContent=i.filter(Boolean).join(", ")}function Wi(t,e,n){let o=t.outcomes[e],r=M("span","outcom\
e");return r.style.setProperty("--tone",o.colour),r.append(tt("0 0 16 16",[16,16],[["path",{d:o.sign}]],"sign"),n||o.word),
r}})();
