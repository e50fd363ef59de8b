"use strict";(()=>{var __defProp=Object.defineProperty;var __defNormalProp=(obj,key,value)=>key in obj?__defProp(obj,key,{enumerable:true,configurable:true,writable:true,value}):
obj[key]=value;var __publicField=(obj,key,value)=>__defNormalProp(obj,typeof key!=="symbol"?key+"":key,value);function cards(map,layers,page){const{element,words}=page;let popup=null;function card(found,at){const[layer,row]=found[at];
const box=element("div","popup");const category=layer.categories[layer.facts.category[row]];box.append(element("h3","",layer.
facts.name(row)||words.unnamed));const kind=element("p","kind",layer.title+(layer.rules.length===1?` · ${layer.rules[0]}`:
""));box.append(kind);if(category.outcome){box.append(page.verdict(category.outcome,category.title))}else if(layer.categories.
length>1){box.append(element("p","",category.title))}const table=element("table");const body=element("tbody");const add=(title,value)=>{
if(value===null||value===void 0||value===""){return}const line=element("tr");const head=element("th","",title);head.scope=
"row";line.append(head,element("td","",value));body.append(line)};layer.facts.columns.slice(1).forEach(column=>add(column.
title,column.get(row)));if(layer.facts.rule){add(words.rule,page.ruleTitle(layer.facts.rule.get(row)))}if(layer.facts.town){
add(words.town,layer.facts.town.get(row))}table.append(body);box.append(table);conflicts(box,layer,row);opinions(box,layer,
row);const steps=element("p","steps");if(found.length>1){[["‹",at-1,words.before],["›",at+1,words.after]].forEach(([
sign,to,word],n)=>{const button=element("button","",sign);button.type="button";button.setAttribute("aria-label",word);button.
addEventListener("click",()=>{popup.setDOMContent(card(found,(to+found.length)%found.length));page.choose(...found[(to+found.
length)%found.length])});steps.append(button);if(!n){steps.append(element("span","",`${at+1}/${found.length}`))}})}const nearer=element(
"button","",words.nearer);nearer.type="button";nearer.addEventListener("click",()=>page.fly(layer,row));steps.append(nearer);
box.append(steps);return box}function conflicts(box,layer,row){layers.filter(one=>one.of===layer.id&&one.facts.owner).forEach(
other=>{const list=element("ul");for(let at=0;at<other.facts.size;at+=1){if(other.facts.owner[at]!==row){continue}const item=element(
"li");const button=element("button","",other.facts.columns.slice(1,4).map(one=>one.get(at)).filter(Boolean).join(" · "));
button.type="button";button.addEventListener("click",()=>page.fly(other,at));item.append(button);const outcome=other.categories[other.
facts.category[at]].outcome;if(outcome){item.append(page.verdict(outcome))}list.append(item)}if(list.children.length){box.
append(element("h4","",`${other.title} (${list.children.length})`),list)}})}function opinions(box,layer,row){var _a;const told=(_a=
layer.facts.opinions)==null?void 0:_a[row];if(!(told==null?void 0:told.length)){return}const list=element("ul");told.forEach(
([title,outcome,sentence])=>{const item=element("li");const head=element("b","",title);item.append(head,page.verdict(outcome),
element("div","",sentence));list.append(item)});box.append(element("h4","",words.opinions),list)}function show(found,place){
close();page.choose(...found[0]);page.speak(found[0]);popup=new maplibregl.Popup({closeButton:true,closeOnClick:false,maxWidth:"\
none",focusAfterOpen:false,locale:{}}).setLngLat(place).setDOMContent(card(found,0)).addTo(map);const button=popup.getElement().
querySelector(".maplibregl-popup-close-button");if(button){button.setAttribute("aria-label",words.close);button.title=words.
close}inside();popup.on("close",()=>{popup=null;page.choose(null)})}function inside(){const own=popup.getElement().getBoundingClientRect();
const frame=map.getContainer().getBoundingClientRect();const room=10;const x=Math.min(0,own.left-frame.left-room)||Math.
max(0,own.right-frame.right+room);const y=Math.min(0,own.top-frame.top-room)||Math.max(0,own.bottom-frame.bottom+room);if(x||
y){map.panBy([x,y],{animate:false})}}function close(){if(popup){popup.remove()}}map.on("click",event=>{if(page.busy()){return}
const near=4;const{x,y}=event.point;const seen=new Set;const found=[];const there=page.mapAt(x);const ids=layers.filter(
one=>one.tabled).flatMap(one=>["fill","line","dot"].map(kind=>`${one.id}|${kind}`)).filter(id=>there.getLayer(id));const hit=there.
queryRenderedFeatures([x,y],{layers:ids});const wide=hit.length?hit:there.queryRenderedFeatures([[x-near,y-near],[x+near,
y+near]],{layers:ids});wide.forEach(one=>{const layer=layers.find(other=>other.id===one.source);const row=one.properties.
i;if(layer&&!seen.has(`${layer.id}.${row}`)&&page.seen(layer,row)){seen.add(`${layer.id}.${row}`);found.push([layer,row])}});
if(found.length){show(found,event.lngLat)}else{close()}page.open(false)});document.addEventListener("keydown",event=>{if(event.
key==="Escape"&&!page.busy()){close()}});return{show,close}}function drawing(data,layers,unpack){const opened=new Map;const tiles=new Map;function open(layer){if(!opened.has(layer.
id)){opened.set(layer.id,layer.shape.kind==="tiles"?openTiles(layer):openSteps(layer))}return opened.get(layer.id)}async function openTiles(layer){
const found=new Map;const index=layer.shape.index;const bytes=unpack.bytes(layer.shape.body);for(let at=0,from=0;at<index.
length;at+=4){found.set(`${index[at]}/${index[at+1]}/${index[at+2]}`,[from,from+index[at+3]]);from+=index[at+3]}tiles.set(
layer.id,{found,bytes});return{type:"vector",tiles:[`held://${layer.id}/{z}/{x}/{y}`],minzoom:layer.shape.least,maxzoom:layer.
shape.deepest,promoteId:{a:"i",o:"i"}}}async function openSteps(layer){const features=await unpack.json(layer.shape.body);
const scale=layer.shape.scale;const made=[];function line(steps){const points=[];for(let at=0,x=0,y=0;at<steps.length;at+=
2){x+=steps[at];y+=steps[at+1];points.push([x/scale,y/scale])}return points}features.forEach(([zoom,...parts2],row)=>{const properties={
i:row,v:layer.facts.category[row],z:zoom};const add=(type2,coordinates)=>made.push({type:"Feature",id:row,properties,geometry:{
type:type2,coordinates}});[["MultiPolygon",2],["MultiLineString",1],["MultiPoint",0]].forEach(([type2,dimension])=>{const own=parts2.
filter(one=>one[0]===dimension).map(one=>one.slice(1).map(line));if(own.length){add(type2,dimension===2?own:own.flatMap(
one=>dimension?one:one[0]))}});if(parts2.some(one=>one[0]===2)){add("Point",[layer.facts.lon[row],layer.facts.lat[row]])}});
return{type:"geojson",data:{type:"FeatureCollection",features:made},promoteId:"i",maxzoom:20,tolerance:.2}}maplibregl.addProtocol(
"held",async asked=>{const[,id,place]=/^held:\/\/([^/]+)\/(.+)$/.exec(asked.url);const held=tiles.get(id);const range=held.
found.get(place);return{data:range?await unpack.inflate(held.bytes.subarray(...range)):new ArrayBuffer(0)}});const SIZE=16;
function hatch(kind,colour){const canvas=document.createElement("canvas");const pen=canvas.getContext("2d");canvas.width=
canvas.height=SIZE;pen.strokeStyle=colour;pen.lineWidth=kind==="grid"?2:5;const lines={stripes:[[-8,8,8,-8],[-8,24,24,-8],
[8,24,24,8]],counter:[[-8,8,8,24],[-8,-8,24,24],[8,-8,24,8]],level:[[0,4,16,4],[0,12,16,12]],grid:[[0,0,16,16],[0,16,16,
0]]};pen.globalAlpha=.75;pen.beginPath();(lines[kind]||lines.stripes).forEach(([a,b,c,d])=>{pen.moveTo(a,b);pen.lineTo(c,
d)});pen.stroke();return pen.getImageData(0,0,SIZE,SIZE)}const font=getComputedStyle(document.documentElement).getPropertyValue(
"--font");function written(text,colour){const canvas=document.createElement("canvas");const pen=canvas.getContext("2d",{
willReadFrequently:true});const words=text.length>24?`${text.slice(0,23)}…`:text;pen.font=`600 26px ${font}`;canvas.width=
Math.ceil(pen.measureText(words).width)+14;canvas.height=40;Object.assign(pen,{font:`600 26px ${font}`,textBaseline:"mid\
dle",lineJoin:"round",lineWidth:7,strokeStyle:"rgba(255,254,250,.92)",fillStyle:colour});pen.strokeText(words,7,21);pen.
fillText(words,7,21);return pen.getImageData(0,0,canvas.width,canvas.height)}function images(map){map.on("styleimagemiss\
ing",event=>{const[kind,id,key]=event.id.split("|");const layer=layers.find(one=>one.id===id);if(!layer||map.hasImage(event.
id)){return}if(kind==="name"){const category=layer.categories[layer.facts.category[Number(key)]];const outcome=category.
outcome&&data.outcomes[category.outcome];map.addImage(event.id,written((outcome?`${outcome.code} `:"")+layer.facts.name(
Number(key)),outcome?outcome.colour:category.look.stroke||"#2b2721"),{pixelRatio:2})}if(kind==="hatch"){const look=layer.
categories[Number(key)].look;map.addImage(event.id,hatch(look.hatch,look.stripe||"#ffffff"),{pixelRatio:2})}})}const off=[
"boolean",["feature-state","off"],false];const chosen=["boolean",["feature-state","chosen"],false];function by(layer,value){
const values=layer.categories.map(one=>value(one.look));if(values.every(one=>one===values[0])){return values[0]}return["\
match",["get","v"],...values.flatMap((one,at)=>[at,one]).slice(0,-2),values[values.length-1]]}function times(value,strength){
return Array.isArray(value)?["*",value,strength]:value*strength}function alive(value){return["case",off,0,value]}const filled=look=>look.
fill&&look.fill!=="none"?look.fill:null;function paints(layer,strength){const fill=by(layer,look=>filled(look)||"rgba(0,\
0,0,0)");const stroke=by(layer,look=>look.stroke||filled(look)||"#333333");const solid=by(layer,look=>filled(look)?look.
fill_opacity===void 0?1:look.fill_opacity:0);const dot=by(layer,look=>filled(look)||look.stroke||"#333333");return{fill:{
"fill-color":fill,"fill-opacity":alive(times(solid,strength)),"fill-antialias":false},hatch:{"fill-pattern":by(layer,look=>look.
hatch?`hatch|${layer.id}|${layer.categories.findIndex(one=>one.look===look)}`:""),"fill-opacity":alive(strength)},line:{
"line-color":["case",chosen,"#111111",stroke],"line-width":["case",chosen,4,by(layer,look=>look.weight||0)],"line-opacit\
y":alive(strength)},dot:{"circle-color":dot,"circle-radius":["case",chosen,7,by(layer,look=>look.size||2)],"circle-opaci\
ty":alive(strength),"circle-stroke-color":["case",chosen,"#111111",stroke],"circle-stroke-width":["case",chosen,2.5,by(layer,
look=>look.ring||0)],"circle-stroke-opacity":alive(strength)},names:{"icon-opacity":alive(strength)}}}const type=name=>[
"==",["geometry-type"],name];function filters(layer){const shown=layer.categories.map((_one,at)=>at).filter(at=>!layer.hidden.
has(at));const wanted=shown.length===layer.categories.length?true:["in",["get","v"],["literal",shown]];const hatched=layer.
categories.map((_one,at)=>at).filter(at=>layer.categories[at].look.hatch);return{fill:["all",type("Polygon"),wanted],hatch:[
"all",type("Polygon"),["in",["get","v"],["literal",hatched.filter(at=>!layer.hidden.has(at))]]],line:["all",["!=",["geom\
etry-type"],"Point"],wanted],dot:["all",type("Point"),[">",["get","z"],["zoom"]],wanted],names:wanted}}function parts(layer,strength){
const paint=paints(layer,strength);const filter=filters(layer);const tiled=layer.shape.kind==="tiles";const made=[];function add(kind,type_,extra){
made.push({id:`${layer.id}|${kind}`,type:type_,source:layer.id,...tiled?{"source-layer":kind==="dot"?"o":"a"}:{},filter:filter[kind],
paint:paint[kind],...extra})}add("fill","fill");if(layer.categories.some(one=>one.look.hatch)){add("hatch","fill",{minzoom:10})}
const dashes=layer.categories.map(one=>one.look.dash).filter(Boolean);const dashed=dashes.length===layer.categories.length;
add("line","line",{layout:{"line-join":"round"},paint:{...paint.line,...dashed?{"line-dasharray":dashes[0].split(" ").map(
one=>Number(one)/Math.max(1,layer.categories[0].look.weight||1))}:{}}});add("dot","circle",layer.categories.some(one=>one.
outcome)?{layout:{"circle-sort-key":["-",0,["get","v"]]}}:{});return made}function nameParts(layer,strength){const judged=layer.
categories.some(one=>one.outcome);return{id:`${layer.id}|names`,type:"symbol",source:`${layer.id}|names`,filter:filters(
layer).names,paint:paints(layer,strength).names,minzoom:layer.facts.size>200?13:0,layout:{"icon-image":["concat",`name|${layer.
id}|`,["to-string",["get","i"]]],"icon-padding":3,...judged?{"icon-anchor":"top","icon-offset":[0,5]}:{},"symbol-sort-ke\
y":["get","i"]}}}function namePoints(layer){const features=[];for(let row=0;row<layer.facts.size;row+=1){if(layer.facts.
name(row)){features.push({type:"Feature",properties:{i:row,v:layer.facts.category[row]},geometry:{type:"Point",coordinates:[
layer.facts.lon[row],layer.facts.lat[row]]}})}}return{type:"geojson",data:{type:"FeatureCollection",features},promoteId:"\
i"}}function onto(map){images(map);const there=new Set;const masked=new Set;async function show(layer){var _a;if(there.has(
layer.id)){return}there.add(layer.id);const source=await open(layer);if(!there.has(layer.id)||map.getSource(layer.id)){return}
map.addSource(layer.id,source);const above=layers.slice(0,layers.indexOf(layer)).reverse().map(one=>`${one.id}|fill`).find(
id=>map.getLayer(id))||((_a=map.getStyle().layers.find(one=>one.id.endsWith("|names")))==null?void 0:_a.id);parts(layer,
layer.strength).forEach(part=>map.addLayer(part,above));if(layer.labelled){map.addSource(`${layer.id}|names`,namePoints(
layer));map.addLayer(nameParts(layer,layer.strength))}mask(layer);choose(layer,layer.chosen,true)}function each(layer,work){
["fill","hatch","line","dot","names"].forEach(kind=>{if(map.getLayer(`${layer.id}|${kind}`)){work(`${layer.id}|${kind}`,
kind)}})}function hide(layer){there.delete(layer.id);masked.delete(layer.id);each(layer,id=>map.removeLayer(id));[layer.
id,`${layer.id}|names`].forEach(id=>{if(map.getSource(id)){map.removeSource(id)}})}function restyle(layer){const paint=paints(
layer,layer.strength);const filter=filters(layer);each(layer,(id,kind)=>{map.setFilter(id,filter[kind]);Object.entries(paint[kind]).
filter(([name])=>name.endsWith("opacity")).forEach(([name,value])=>map.setPaintProperty(id,name,value))})}function places(layer){
return layer.shape.kind==="tiles"?["a","o"].map(sourceLayer=>({source:layer.id,sourceLayer})):[{source:layer.id}]}function mask(layer){
if(!map.getSource(layer.id)){return}const targets=[...places(layer),...map.getSource(`${layer.id}|names`)?[{source:`${layer.
id}|names`}]:[]];if(!masked.has(layer.id)&&!layer.mask){return}targets.forEach(target=>{map.removeFeatureState(target);for(let row=0;layer.
mask&&row<layer.facts.size;row+=1){if(!layer.mask[row]){map.setFeatureState({...target,id:row},{off:true})}}});if(layer.
mask){masked.add(layer.id)}else{masked.delete(layer.id)}}function choose(layer,row,on){if(row===null||row===void 0||!map.
getSource(layer.id)){return}places(layer).forEach(target=>map.setFeatureState({...target,id:row},{chosen:on}))}return{map,
show,hide,restyle,mask,choose,there}}return{onto}}function factsOf(table){const between="";const places=1e5;const size=table.zoom.length;let x=0;let y=0;const lon=new Float64Array(
size);const lat=new Float64Array(size);for(let row=0;row<size;row+=1){x+=table.at[2*row];y+=table.at[2*row+1];lon[row]=x/
places;lat[row]=y/places}const zoom=Uint8Array.from(table.zoom);const category=Uint16Array.from(table.category);function listed(one){
const numbers=Int32Array.from(one.numbers);return{list:one.list,numbers,get:row=>numbers[row]<0?null:one.list[numbers[row]]}}
function written(one){const starts=new Uint32Array(size+1);let from=0;for(let row=0;row<size;row+=1){starts[row]=from;const end=one.
text.indexOf(between,from);from=(end<0?one.text.length:end)+1}starts[size]=from;return{text:one.text,starts,get:row=>one.
text.slice(starts[row],starts[row+1]-1)||null}}const columns=table.columns.map(one=>{if(one.numbers&&!one.list){const digits=one.
digits;const values=one.numbers;const said=new Intl.NumberFormat("en",{minimumFractionDigits:digits,maximumFractionDigits:digits});
return{title:one.title,number:true,value:row=>values[row],get:row=>values[row]===null?null:said.format(values[row])}}const held=one.
list?listed(one):written(one);return{title:one.title,number:false,value:held.get,...held}});function holding(words){const wanted=words.
toLowerCase();const hit=new Uint8Array(size);columns.forEach(one=>{if(one.list){const good=one.list.map(text=>text.toLowerCase().
includes(wanted));if(good.includes(true)){for(let row=0;row<size;row+=1){if(one.numbers[row]>=0&&good[one.numbers[row]]){
hit[row]=1}}}}else if(one.text!==void 0){const text=one.text.toLowerCase();if(text.length!==one.text.length){for(let row2=0;row2<
size;row2+=1){if((one.get(row2)||"").toLowerCase().includes(wanted)){hit[row2]=1}}return}let row=0;for(let at=text.indexOf(
wanted);at>=0;at=text.indexOf(wanted,at)){while(one.starts[row+1]<=at){row+=1}if(at+wanted.length<one.starts[row+1]){hit[row]=
1}at=one.starts[row+1]}}else if(/^[\d.,-]+$/.test(wanted)){for(let row=0;row<size;row+=1){if((one.get(row)||"").replaceAll(
",","").startsWith(wanted.replaceAll(",",""))){hit[row]=1}}}});return hit}const collator=new Intl.Collator(document.documentElement.
lang,{numeric:true});function sorted(rows,value,down){const turn=down?-1:1;const keyed=rows.map(row=>[value(row),row]);keyed.
sort(([one,a],[other,b])=>{if(one===other){return a-b}if(one===null||one===void 0){return 1}if(other===null||other===void 0){
return-1}const order=typeof one==="number"?one-other:collator.compare(one,other);return turn*order||a-b});return keyed.map(
one=>one[1])}return{size,columns,category,lon,lat,zoom,holding,sorted,flown:row=>zoom[row]/4,rule:table.rule?listed(table.
rule):null,town:table.town?listed(table.town):null,owner:table.owner?Int32Array.from(table.owner):null,opinions:table.opinions||
null,name:row=>columns.length?columns[0].get(row):null}}function decompressSync(){throw new Error("this browser cannot inflate")}function toNum(low,high){return(high>>>0)*4294967296+(low>>>0)}function readVarintRemainder(l,p){const buf=p.buf;let b=buf[p.
pos++];let h=(b&112)>>4;if(b<128)return toNum(l,h);b=buf[p.pos++];h|=(b&127)<<3;if(b<128)return toNum(l,h);b=buf[p.pos++];
h|=(b&127)<<10;if(b<128)return toNum(l,h);b=buf[p.pos++];h|=(b&127)<<17;if(b<128)return toNum(l,h);b=buf[p.pos++];h|=(b&
127)<<24;if(b<128)return toNum(l,h);b=buf[p.pos++];h|=(b&1)<<31;if(b<128)return toNum(l,h);throw new Error("Expected var\
int not more than 10 bytes")}function readVarint(p){const buf=p.buf;let b=buf[p.pos++];let val=b&127;if(b<128)return val;
b=buf[p.pos++];val|=(b&127)<<7;if(b<128)return val;b=buf[p.pos++];val|=(b&127)<<14;if(b<128)return val;b=buf[p.pos++];val|=
(b&127)<<21;if(b<128)return val;b=buf[p.pos];val|=(b&15)<<28;return readVarintRemainder(val,p)}function rotate(n,x,y,rx,ry){
if(ry===0){if(rx!==0){return[n-1-y,n-1-x]}return[y,x]}return[x,y]}function zxyToTileId(z,x,y){if(z>26){throw new Error("\
Tile zoom level exceeds max safe number limit (26)")}if(x>=1<<z||y>=1<<z){throw new Error("tile x/y outside zoom level b\
ounds")}let acc=((1<<z)*(1<<z)-1)/3;let a=z-1;let[tx,ty]=[x,y];for(let s=1<<a;s>0;s>>=1){const rx=tx&s;const ry=ty&s;acc+=
(3*rx^ry)*(1<<a);[tx,ty]=rotate(s,tx,ty,rx,ry);a--}return acc}async function defaultDecompress(buf,compression){if(compression===1||compression===0){return buf}if(compression===2){if(typeof globalThis.
DecompressionStream==="undefined"){return decompressSync(new Uint8Array(buf))}const stream=new Response(buf).body;if(!stream){
throw new Error("Failed to read response stream")}const result=stream.pipeThrough(new globalThis.DecompressionStream("gz\
ip"));return new Response(result).arrayBuffer()}throw new Error("Compression method not supported")}function tileTypeExt(t){if(t===1)return".mvt";if(t===2)return".png";if(t===3)return".jpg";if(t===4)return".webp";if(t===
5)return".avif";if(t===6)return".mlt";return""}var HEADER_SIZE_BYTES=127;function findTile(entries,tileId){let m=0;let n=entries.
length-1;while(m<=n){const k=n+m>>1;const cmp=tileId-entries[k].tileId;if(cmp>0){m=k+1}else if(cmp<0){n=k-1}else{return entries[k]}}
if(n>=0){if(entries[n].runLength===0){return entries[n]}if(tileId-entries[n].tileId<entries[n].runLength){return entries[n]}}
return null}var FileSource=class{constructor(file){__publicField(this,"file");this.file=file}getKey(){return this.file.name}async getBytes(offset,length){
const blob=this.file.slice(offset,offset+length);const a=await blob.arrayBuffer();return{data:a}}};var FetchSource=class{constructor(url,customHeaders=new Headers,credentials=void 0){
__publicField(this,"url");__publicField(this,"customHeaders");__publicField(this,"credentials");__publicField(this,"must\
Reload");__publicField(this,"chromeWindowsNoCache");var _a,_b;this.url=url;this.customHeaders=customHeaders;this.credentials=
credentials;this.mustReload=false;let userAgent="";if("navigator"in globalThis){userAgent=(_b=(_a=globalThis.navigator)==
null?void 0:_a.userAgent)!=null?_b:""}const isWindows=userAgent.indexOf("Windows")>-1;const isChromiumBased=/Chrome|Chromium|Edg|OPR|Brave/.
test(userAgent);this.chromeWindowsNoCache=false;if(isWindows&&isChromiumBased){this.chromeWindowsNoCache=true}}getKey(){
return this.url}setHeaders(customHeaders){this.customHeaders=customHeaders}async getBytes(offset,length,passedSignal,etag){
let controller;let signal;if(passedSignal){signal=passedSignal}else{controller=new AbortController;signal=controller.signal}
const requestHeaders=new Headers(this.customHeaders);requestHeaders.set("range",`bytes=${offset}-${offset+length-1}`);let cache;
if(this.mustReload){cache="reload"}else if(this.chromeWindowsNoCache){cache="no-store"}let resp=await fetch(this.url,{signal,
cache,headers:requestHeaders,credentials:this.credentials});if(offset===0&&resp.status===416){const contentRange=resp.headers.
get("Content-Range");if(!contentRange||!contentRange.startsWith("bytes */")){throw new Error("Missing content-length on \
416 response")}const actualLength=+contentRange.substr(8);requestHeaders.set("range",`bytes=0-${actualLength-1}`);resp=await fetch(
this.url,{signal,cache:"reload",headers:requestHeaders,credentials:this.credentials})}let newEtag=resp.headers.get("Etag");
if(newEtag==null?void 0:newEtag.startsWith("W/")){newEtag=null}if(resp.status===416||etag&&newEtag&&newEtag!==etag){this.
mustReload=true;throw new EtagMismatch(`Server returned non-matching ETag ${etag} after one retry. Check browser extensi\
ons and servers for issues that may affect correct ETag headers.`)}if(resp.status>=300){throw new Error(`Bad response co\
de: ${resp.status}`)}const contentLength=resp.headers.get("Content-Length");if(resp.status===200&&(!contentLength||+contentLength>
length)){if(controller)controller.abort();throw new Error("Server returned no content-length header or content-length ex\
ceeding request. Check that your storage backend supports HTTP Byte Serving.")}const a=await resp.arrayBuffer();return{data:a,
etag:newEtag||void 0,cacheControl:resp.headers.get("Cache-Control")||void 0,expires:resp.headers.get("Expires")||void 0}}};
function getUint64(v,offset){const wh=v.getUint32(offset+4,true);const wl=v.getUint32(offset+0,true);return wh*2**32+wl}
function bytesToHeader(bytes,etag){const v=new DataView(bytes);const specVersion=v.getUint8(7);if(specVersion>3){throw new Error(
`Archive is spec version ${specVersion} but this library supports up to spec version 3`)}return{specVersion,rootDirectoryOffset:getUint64(
v,8),rootDirectoryLength:getUint64(v,16),jsonMetadataOffset:getUint64(v,24),jsonMetadataLength:getUint64(v,32),leafDirectoryOffset:getUint64(
v,40),leafDirectoryLength:getUint64(v,48),tileDataOffset:getUint64(v,56),tileDataLength:getUint64(v,64),numAddressedTiles:getUint64(
v,72),numTileEntries:getUint64(v,80),numTileContents:getUint64(v,88),clustered:v.getUint8(96)===1,internalCompression:v.
getUint8(97),tileCompression:v.getUint8(98),tileType:v.getUint8(99),minZoom:v.getUint8(100),maxZoom:v.getUint8(101),minLon:v.
getInt32(102,true)/1e7,minLat:v.getInt32(106,true)/1e7,maxLon:v.getInt32(110,true)/1e7,maxLat:v.getInt32(114,true)/1e7,centerZoom:v.
getUint8(118),centerLon:v.getInt32(119,true)/1e7,centerLat:v.getInt32(123,true)/1e7,etag}}function deserializeIndex(buffer){
const p={buf:new Uint8Array(buffer),pos:0};const numEntries=readVarint(p);const entries=[];let lastId=0;for(let i=0;i<numEntries;i++){
const v=readVarint(p);entries.push({tileId:lastId+v,offset:0,length:0,runLength:1});lastId+=v}for(let i=0;i<numEntries;i++){
entries[i].runLength=readVarint(p)}for(let i=0;i<numEntries;i++){entries[i].length=readVarint(p)}for(let i=0;i<numEntries;i++){
const v=readVarint(p);if(v===0&&i>0){entries[i].offset=entries[i-1].offset+entries[i-1].length}else{entries[i].offset=v-
1}}return entries}var EtagMismatch=class extends Error{};async function getHeaderAndRoot(source,decompress){const resp=await source.
getBytes(0,16384);const v=new DataView(resp.data);if(v.getUint16(0,true)!==19792){throw new Error("Wrong magic number fo\
r PMTiles archive")}const headerData=resp.data.slice(0,HEADER_SIZE_BYTES);const header=bytesToHeader(headerData,resp.etag);
const rootDirData=resp.data.slice(header.rootDirectoryOffset,header.rootDirectoryOffset+header.rootDirectoryLength);const dirKey=`${source.
getKey()}|${header.etag||""}|${header.rootDirectoryOffset}|${header.rootDirectoryLength}`;const rootDir=deserializeIndex(
await decompress(rootDirData,header.internalCompression));return[header,[dirKey,rootDir.length,rootDir]]}async function getDirectory(source,decompress,offset,length,header,signal){
const resp=await source.getBytes(offset,length,signal,header.etag);const data=await decompress(resp.data,header.internalCompression);
const directory=deserializeIndex(data);if(directory.length===0){throw new Error("Empty directory is invalid")}return directory}var SharedPromiseCache=class{constructor(maxCacheEntries=100,prefetch=true,decompress=defaultDecompress){__publicField(this,
"cache");__publicField(this,"invalidations");__publicField(this,"pendingFetches");__publicField(this,"maxCacheEntries");
__publicField(this,"counter");__publicField(this,"decompress");this.cache=new Map;this.invalidations=new Map;this.pendingFetches=
new Map;this.maxCacheEntries=maxCacheEntries;this.counter=1;this.decompress=decompress}async getHeader(source){const cacheKey=source.
getKey();const cacheValue=this.cache.get(cacheKey);if(cacheValue){cacheValue.lastUsed=this.counter++;const data=await cacheValue.
data;return data}const p=new Promise((resolve,reject)=>{getHeaderAndRoot(source,this.decompress).then(res=>{if(res[1]){this.
cache.set(res[1][0],{lastUsed:this.counter++,data:Promise.resolve(res[1][2])})}resolve(res[0]);this.prune()}).catch(e=>{
reject(e)})});this.cache.set(cacheKey,{lastUsed:this.counter++,data:p});return p}trackSignal(cacheKey,pending,signal){pending.
refs++;signal.addEventListener("abort",()=>{if(--pending.refs<=0&&this.pendingFetches.get(cacheKey)===pending){pending.controller.
abort();this.cache.delete(cacheKey);this.pendingFetches.delete(cacheKey)}},{once:true})}async getDirectory(source,offset,length,header,signal){
const cacheKey=`${source.getKey()}|${header.etag||""}|${offset}|${length}`;const cacheValue=this.cache.get(cacheKey);if(cacheValue){
cacheValue.lastUsed=this.counter++;const pending2=this.pendingFetches.get(cacheKey);if(pending2){this.trackSignal(cacheKey,
pending2,signal!=null?signal:new AbortController().signal)}const data=await cacheValue.data;return data}const ac=new AbortController;
const pending={controller:ac,refs:0};this.trackSignal(cacheKey,pending,signal!=null?signal:new AbortController().signal);
this.pendingFetches.set(cacheKey,pending);const p=new Promise((resolve,reject)=>{getDirectory(source,this.decompress,offset,
length,header,ac.signal).then(directory=>{this.pendingFetches.delete(cacheKey);resolve(directory);this.prune()}).catch(e=>{
reject(e)})});this.cache.set(cacheKey,{lastUsed:this.counter++,data:p});return p}prune(){if(this.cache.size>=this.maxCacheEntries){
let minUsed=Infinity;let minKey=void 0;this.cache.forEach((cacheValue,key)=>{if(cacheValue.lastUsed<minUsed){minUsed=cacheValue.
lastUsed;minKey=key}});if(minKey){this.cache.delete(minKey)}}}async invalidate(source){const key=source.getKey();if(this.
invalidations.get(key)){return await this.invalidations.get(key)}this.cache.delete(source.getKey());const p=new Promise(
(resolve,reject)=>{this.getHeader(source).then(h=>{resolve();this.invalidations.delete(key)}).catch(e=>{reject(e)})});this.
invalidations.set(key,p)}};var PMTiles=class{constructor(source,cache,decompress){__publicField(this,"source");__publicField(
this,"cache");__publicField(this,"decompress");if(typeof source==="string"){this.source=new FetchSource(source)}else{this.
source=source}if(decompress){this.decompress=decompress}else{this.decompress=defaultDecompress}if(cache){this.cache=cache}else{
this.cache=new SharedPromiseCache}}async getHeader(){return await this.cache.getHeader(this.source)}async getZxyAttempt(z,x,y,signal){
const tileId=zxyToTileId(z,x,y);const header=await this.cache.getHeader(this.source);signal==null?void 0:signal.throwIfAborted();
if(z<header.minZoom||z>header.maxZoom){return void 0}let dO=header.rootDirectoryOffset;let dL=header.rootDirectoryLength;
for(let depth=0;depth<=3;depth++){const directory=await this.cache.getDirectory(this.source,dO,dL,header,signal);signal==
null?void 0:signal.throwIfAborted();const entry=findTile(directory,tileId);if(entry){if(entry.runLength>0){const resp=await this.
source.getBytes(header.tileDataOffset+entry.offset,entry.length,signal,header.etag);return{data:await this.decompress(resp.
data,header.tileCompression),cacheControl:resp.cacheControl,expires:resp.expires}}dO=header.leafDirectoryOffset+entry.offset;
dL=entry.length}else{return void 0}}throw new Error("Maximum directory depth exceeded")}async getZxy(z,x,y,signal){try{return await this.
getZxyAttempt(z,x,y,signal)}catch(e){if(e instanceof EtagMismatch){this.cache.invalidate(this.source);return await this.
getZxyAttempt(z,x,y,signal)}throw e}}async getMetadataAttempt(){const header=await this.cache.getHeader(this.source);const resp=await this.
source.getBytes(header.jsonMetadataOffset,header.jsonMetadataLength,void 0,header.etag);const decompressed=await this.decompress(
resp.data,header.internalCompression);const dec=new TextDecoder("utf-8");return JSON.parse(dec.decode(decompressed))}async getMetadata(){
try{return await this.getMetadataAttempt()}catch(e){if(e instanceof EtagMismatch){this.cache.invalidate(this.source);return await this.
getMetadataAttempt()}throw e}}async getTileJson(baseTilesUrl){const header=await this.getHeader();const metadata=await this.
getMetadata();const ext=tileTypeExt(header.tileType);return{tilejson:"3.0.0",scheme:"xyz",tiles:[`${baseTilesUrl}/{z}/{x\
}/{y}${ext}`],vector_layers:metadata.vector_layers,attribution:metadata.attribution,description:metadata.description,name:metadata.
name,version:metadata.version,bounds:[header.minLon,header.minLat,header.maxLon,header.maxLat],center:[header.centerLon,
header.centerLat,header.centerZoom],minzoom:header.minZoom,maxzoom:header.maxZoom}}};var VERSION=3;var INNER=[1,2];var OUTER=[0,1,2];async function archiveOf(file){const archive=new PMTiles(new FileSource(
file));const head=await archive.getHeader();if(head.specVersion!==VERSION){throw new Error("format")}if(!INNER.includes(
head.internalCompression)||!OUTER.includes(head.tileCompression)){throw new Error("compression")}return{raster:head.tileType!==
1&&head.tileType!==6,least:head.minZoom,deepest:head.maxZoom,tile:async(z,x,y)=>{var _a;return(_a=await archive.getZxy(z,
x,y))==null?void 0:_a.data}}}function ground(data,maps,page){const{element,words}=page;const select=document.getElementById("base");const note=document.
getElementById("base-note");const ask=document.getElementById("base-ask");const token=document.getElementById("token");const pick=document.
getElementById("base-file");const files=document.getElementById("base-files");const turned=document.getElementById("tms");
const strong=document.getElementById("base-strength");const opacity=document.getElementById("base-opacity");const held={
folder:new Map,archive:null};const given=document.querySelector('meta[name="tianditu"]');token.value=given?given.content:
"";[["",words.blank],...data.grounds.map(one=>[one.id,one.title])].forEach(([value,title])=>{const option=element("optio\
n","",title);option.value=value;select.append(option)});function say(text,warning){note.textContent=text;note.classList.
toggle("warning",Boolean(warning))}function remove(map){(map.getStyle().layers||[]).filter(one=>one.id.startsWith("groun\
d|")).forEach(one=>map.removeLayer(one.id));Object.keys(map.getStyle().sources).filter(id=>id.startsWith("ground|")).forEach(
id=>map.removeSource(id))}let last=[[],{}];function lay(urls,facts){last=[urls,facts];maps().forEach(map=>{var _a;remove(
map);const first=(_a=map.getStyle().layers.find(one=>one.id!=="paper"))==null?void 0:_a.id;urls.forEach((tiles,at)=>{map.
addSource(`ground|${at}`,{type:"raster",tiles,tileSize:256,attribution:facts.attribution||"",minzoom:facts.least||0,maxzoom:facts.
deepest||18});map.addLayer({id:`ground|${at}`,type:"raster",source:`ground|${at}`,paint:{"raster-opacity":opacity.valueAsNumber/
100,"raster-fade-duration":0}},first)})});strong.hidden=!urls.length}function chosen(){return data.grounds.find(one=>one.
id===select.value)}function apply(){const one=chosen();ask.hidden=!(one==null?void 0:one.token);pick.hidden=!(one==null?
void 0:one.pick);files.webkitdirectory=Boolean(one&&one.pick==="folder");files.accept=one&&one.pick==="archive"?".pmtile\
s":"";document.getElementById("base-turned").hidden=!(one&&one.pick==="folder");say(one?one.note||"":"",one==null?void 0:
one.warning);if(!one||one.pick){lay([],{});return}if(one.token&&!/^[0-9a-zA-Z]{8,64}$/.test(token.value.trim())){lay([],
{});say(words.token_wanted);return}lay(one.urls.map(tiles=>tiles.map(url=>url.replace("{token}",encodeURIComponent(token.
value.trim())))),one);if(one.warning){say(one.note,true)}}select.addEventListener("change",apply);token.addEventListener(
"change",apply);opacity.addEventListener("input",()=>maps().forEach(map=>map.getStyle().layers.filter(one=>one.id.startsWith(
"ground|")).forEach(one=>map.setPaintProperty(one.id,"raster-opacity",opacity.valueAsNumber/100))));files.addEventListener(
"change",picked);turned.addEventListener("change",picked);async function picked(){const one=chosen();if(!one||!files.files.
length){return}if(one.pick==="archive"){try{held.archive=await archiveOf(files.files[0])}catch(_fault){say(words.no_pmtiles,
true);return}if(!held.archive.raster){say(words.no_raster,true);return}lay([[`archive://${Date.now()}/{z}/{x}/{y}`]],held.
archive);say(words.offset);return}held.folder=new Map;const zooms=new Set;Array.from(files.files).forEach(file=>{const found=/(\d+)\/(\d+)\/(\d+)\.(png|jpe?g|webp)$/i.
exec(file.webkitRelativePath);if(!found){return}const zoom=Number(found[1]);const row=turned.checked?2**zoom-1-Number(found[3]):
Number(found[3]);zooms.add(zoom);held.folder.set(`${zoom}/${Number(found[2])}/${row}`,file)});if(!held.folder.size){say(
words.no_tiles,true);return}lay([[`folder://${Date.now()}/{z}/{x}/{y}`]],{least:Math.min(...zooms),deepest:Math.max(...zooms)});
say(`${words.tiles_found.replace("{count}",held.folder.size.toLocaleString("en"))} ${words.offset}`)}const nothing=Uint8Array.
from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),sign=>sign.
charCodeAt(0)).buffer;const place=url=>url.replace(/^\w+:\/\/\d+\//,"");maplibregl.addProtocol("folder",async asked=>{const file=held.
folder.get(place(asked.url));return{data:file?await file.arrayBuffer():nothing.slice(0)}});maplibregl.addProtocol("archi\
ve",async asked=>({data:await held.archive.tile(...place(asked.url).split("/").map(Number))||nothing.slice(0)}));function failed(){
const one=chosen();if(one&&!one.pick){say([one.warning?one.note:"",words.unreachable].filter(Boolean).join(" "),true)}}return{
laid:()=>lay(...last),failed}}function papering(map,data,page,reveal){const{words}=page;const stage=document.getElementById("stage");const printed=document.
getElementById("printed");const paper=document.getElementById("paper");const told=document.getElementById("told");const sharp=3;
const patience=2e4;const widest=190;const highest=176;const millimetre=96/25.4;let kept=null;function take(){map.redraw();
const canvas=map.getCanvas();const wide=canvas.width/map.getPixelRatio();const ratio=canvas.width/canvas.height;printed.
src=canvas.toDataURL();printed.alt=data.alt;stage.style.setProperty("--ratio",ratio);stage.style.setProperty("--shrink",
Math.min(widest,highest*ratio)*millimetre/wide);paper.textContent=`${data.printed} · ${new Date().toLocaleDateString("s\
v")}`;page.layers.filter(one=>one.on).forEach(reveal)}function drawn(){return new Promise(resolve=>{const late=setTimeout(
resolve,patience);map.once("idle",()=>{clearTimeout(late);resolve()});map.triggerRepaint()})}async function print(){if(kept){
return}const ratio=map.getPixelRatio();kept=map.getBounds();told.textContent=words.printing;document.body.classList.add(
"paper");map.setPixelRatio(Math.max(sharp,ratio));map.resize();map.fitBounds(kept,{animate:false});await drawn();take();
try{await printed.decode()}catch(fault){console.warn(fault)}told.textContent="";window.print();document.body.classList.remove(
"paper");map.setPixelRatio(ratio);map.resize();map.fitBounds(kept,{animate:false});kept=null}window.addEventListener("be\
foreprint",()=>{if(!kept){take()}});window.matchMedia("print").addEventListener("change",event=>{if(event.matches&&!kept){
take()}});document.addEventListener("keydown",event=>{if((event.ctrlKey||event.metaKey)&&!event.altKey&&event.key.toLowerCase()===
"p"){event.preventDefault();print()}});return{print}}function measurer(frame){const DEGREE=Math.PI/180;const A=6378137;const RF=298.257222101;const SMALL_M=2e3;const flat=frame?
transverse(frame):straight();function straight(){const e2=(2-1/RF)/RF;return{unit:A*DEGREE,of:(lon,lat)=>[lon,lat],metres:(_x,y)=>{
const sine=Math.sin(y*DEGREE);const w2=1-e2*sine*sine;const normal=A/Math.sqrt(w2)*DEGREE;return[normal*Math.cos(y*DEGREE),
normal*(1-e2)/w2]}}}function transverse({lon0,lat0,k0,a,rf}){const f=1/rf;const n=f/(2-f);const e2=f*(2-f);const e=Math.
sqrt(e2);const radius=k0*a/(1+n)*(1+n**2/4+n**4/64+n**6/256);function series(rows){return rows.map((row,at)=>row.reduceRight(
(sum,one)=>(sum+one)*n,0)*n**at)}const there=series([[1/2,-2/3,5/16,41/180,-127/288,7891/37800],[13/48,-3/5,557/1440,281/
630,-1983433/1935360],[61/240,-103/140,15061/26880,167603/181440],[49561/161280,-179/168,6601661/7257600],[34729/80640,-3418889/
1995840],[212378941/319334400]]);const back=series([[1/2,-2/3,37/96,-1/360,-81/512,96199/604800],[1/48,1/15,-437/1440,46/
105,-1118711/3870720],[17/480,-37/840,-209/4480,5569/90720],[4397/161280,-11/504,-830251/7257600],[4583/161280,-108847/3991680],
[20648693/638668800]]);function conformal(tangent){const secant=Math.hypot(1,tangent);const s=Math.sinh(e*Math.atanh(e*tangent/
secant));return tangent*Math.hypot(1,s)-s*secant}function latitude(wanted){let tangent=wanted/(1-e2);for(let turn=0;turn<
5;turn+=1){const got=conformal(tangent);const step=(wanted-got)*(1+(1-e2)*tangent**2)/((1-e2)*Math.hypot(1,tangent)*Math.
hypot(1,got));tangent+=step;if(Math.abs(step)<1e-9*Math.hypot(1,tangent)){break}}return tangent}function rise(lat){const xi=Math.
atan(conformal(Math.tan(lat*DEGREE)));return radius*there.reduce((sum,one,at)=>sum+one*Math.sin(2*(at+1)*xi),xi)}const start=rise(
lat0);function of(lon,lat){const t=conformal(Math.tan(lat*DEGREE));const angle=(lon-lon0)*DEGREE;const xi=Math.atan2(t,Math.
cos(angle));const eta=Math.asinh(Math.sin(angle)/Math.hypot(t,Math.cos(angle)));let y=xi;let x=eta;there.forEach((one,at)=>{
const turn=2*(at+1);y+=one*Math.sin(turn*xi)*Math.cosh(turn*eta);x+=one*Math.cos(turn*xi)*Math.sinh(turn*eta)});return[radius*
x,radius*y-start]}function place(x,y){const north=(y+start)/radius;const east=x/radius;let xi=north;let eta=east;let real=1;
let imaginary=0;back.forEach((one,at)=>{const turn=2*(at+1);const sine=Math.sin(turn*north);const cosine=Math.cos(turn*north);
const sinh=Math.sinh(turn*east);const cosh=Math.cosh(turn*east);xi-=one*sine*cosh;eta-=one*cosine*sinh;real-=turn*one*cosine*
cosh;imaginary+=turn*one*sine*sinh});const across=Math.sinh(eta);const up=Math.cos(xi);const t=Math.sin(xi)/Math.hypot(across,
up);const angle=Math.atan2(across,up);const tangent=latitude(t);const secant2=1+tangent**2;const scale=radius/a/Math.hypot(
real,imaginary)*Math.sqrt(secant2-e2*tangent**2)/Math.hypot(t,Math.cos(angle));return{angle,tangent,scale}}return{unit:1,
of,metres:(x,y)=>{const one=1/place(x,y).scale;return[one,one]},back:(x,y)=>{const{angle,tangent}=place(x,y);return[lon0+
angle/DEGREE,Math.atan(tangent)/DEGREE]}}}const few=gauss([[1/Math.sqrt(3),1]]);const many=gauss([[0,128/225],[Math.sqrt(
5-2*Math.sqrt(10/7))/3,(322+13*Math.sqrt(70))/900],[Math.sqrt(5+2*Math.sqrt(10/7))/3,(322-13*Math.sqrt(70))/900]]);function gauss(pairs){
return pairs.flatMap(([at,weight])=>(at?[-at,at]:[0]).map(one=>[(1+one)/2,weight/2]))}function spots(extent){return extent*
flat.unit<SMALL_M?few:many}function area(ring){if(ring.length<3){return 0}const points=ring.map(([lon,lat])=>flat.of(lon,
lat));const[x0,x1,y0,y1]=points.reduce(([west,east,south,north],[x,y])=>[Math.min(west,x),Math.max(east,x),Math.min(south,
y),Math.max(north,y)],[Infinity,-Infinity,Infinity,-Infinity]);const middle=[(x0+x1)/2,(y0+y1)/2];const inner=spots(Math.
max(x1-x0,y1-y0));let whole=0;points.forEach(([toX,toY],at)=>{const[fromX,fromY]=points[at?at-1:points.length-1];for(const[
along,weight]of inner){const reach=fromX-middle[0]+along*(toX-fromX);const height=fromY+along*(toY-fromY);for(const[across,
share]of inner){const[east,north]=flat.metres(middle[0]+across*reach,height);whole+=weight*share*east*north*reach*(toY-fromY)}}});
return Math.abs(whole)}function length(line){const points=line.map(([lon,lat])=>flat.of(lon,lat));let whole=0;points.slice(
1).forEach(([toX,toY],at)=>{const[fromX,fromY]=points[at];const x=toX-fromX;const y=toY-fromY;for(const[along,weight]of spots(
Math.hypot(x,y))){const[east,north]=flat.metres(fromX+along*x,fromY+along*y);whole+=weight*Math.hypot(x*east,y*north)}});
return whole}function plane(lon,lat){if(!frame){return null}const[x,y]=flat.of(lon,lat);return[x+frame.east0,y+frame.north0]}
function degrees(x,y){return frame?flat.back(x-frame.east0,y-frame.north0):null}return{rule:frame?"plane":"degrees",area,
length,plane,degrees}}function ruler(map,data,page){const{element,words}=page;const box=document.getElementById("measured");const measure=measurer(
data.plane);let points=[];let on=false;let closed=false;function shape(){const features=points.map(at=>({type:"Feature",
properties:{},geometry:{type:"Point",coordinates:at}}));if(points.length>1){features.push({type:"Feature",properties:{},
geometry:{type:"LineString",coordinates:closed?[...points,points[0]]:points}})}if(closed){features.push({type:"Feature",
properties:{},geometry:{type:"Polygon",coordinates:[[...points,points[0]]]}})}return{type:"FeatureCollection",features}}
const said=(value,digits)=>value.toLocaleString("en",{minimumFractionDigits:digits,maximumFractionDigits:digits});function crosses(){
const ring=[...points,points[0]];const side=(a,b,c)=>Math.sign((b[0]-a[0])*(c[1]-a[1])-(b[1]-a[1])*(c[0]-a[0]));for(let one=0;one<
points.length;one+=1){for(let other=one+2;other<points.length;other+=1){if(one===0&&other===points.length-1){continue}const[
a,b,c,d]=[ring[one],ring[one+1],ring[other],ring[other+1]];if(side(a,b,c)!==side(a,b,d)&&side(c,d,a)!==side(c,d,b)){return true}}}
return false}function draw(){if(!map.getSource("ruler")){map.addSource("ruler",{type:"geojson",data:shape()});map.addLayer(
{id:"ruler-fill",type:"fill",source:"ruler",filter:["==",["geometry-type"],"Polygon"],paint:{"fill-color":"#2b75b8","fil\
l-opacity":.18}});map.addLayer({id:"ruler-line",type:"line",source:"ruler",filter:["==",["geometry-type"],"LineString"],
paint:{"line-color":"#1c4f7f","line-width":2.4}});map.addLayer({id:"ruler-dot",type:"circle",source:"ruler",filter:["==",
["geometry-type"],"Point"],paint:{"circle-radius":5,"circle-color":"#ffffff","circle-stroke-color":"#1c4f7f","circle-str\
oke-width":2.4}})}map.getSource("ruler").setData(shape());const lines=[];if(points.length<2){lines.push([words.measure_start])}else{
lines.push([words.distance,`${said(measure.length(closed?[...points,points[0]]:points),2)} m`]);if(closed){const area=crosses()?
null:measure.area(points);lines.push([words.area,area===null?words.crossing:`${said(area,2)} m² · ${said(area/1e4,4)} \
ha · ${said(area*15/1e4,4)} ${words.mu}`])}else if(points.length>2){lines.push([words.measure_close])}lines.push([measure.
rule==="plane"?words.rule_plane:words.rule_degrees])}box.replaceChildren(...lines.map(([name,value],at)=>{const line=element(
"p",value===void 0?"small":"",value===void 0?name:`${name} `);if(value!==void 0){line.append(element("b","",value))}line.
dataset.at=at;return line}));if(points.length){const again=element("button","",words.measure_again);again.type="button";
again.addEventListener("click",clear);box.append(again)}}function clear(){points=[];closed=false;draw()}function toggle(wanted){
on=wanted;box.hidden=!on;map.getCanvas().style.cursor=on?"crosshair":"";map.doubleClickZoom[on?"disable":"enable"]();clear()}
map.on("click",event=>{if(!on){return}if(closed){clear()}const first=points.length>2&&map.project(points[0]);const last=points.
length>1&&map.project(points[points.length-1]);if(first&&Math.hypot(first.x-event.point.x,first.y-event.point.y)<12){closed=
true;draw();return}if(last&&Math.hypot(last.x-event.point.x,last.y-event.point.y)<3){return}points.push([event.lngLat.lng,
event.lngLat.lat]);draw()});map.on("dblclick",()=>{if(on&&points.length>2&&!closed){closed=true;draw()}});map.getCanvas().
addEventListener("keydown",event=>{if(!on){return}if(event.key==="Backspace"){points.pop();draw()}if(event.key==="Escape"){
clear()}});return{toggle,on:()=>on,set:(given,whole)=>{points=given;closed=whole;draw()}}}function swiping(map,layers,draw,page){const{words,element}=page;const other=document.getElementById("other");const divider=document.
getElementById("divider");const box=document.getElementById("swiping");const choices={left:document.getElementById("left"),
right:document.getElementById("right")};let second=null;let share=.5;let on=false;let following=false;const groups=Array.
from(new Set(layers.map(one=>one.group)));Object.values(choices).forEach(select=>{const add=(into,value,name)=>{const option=element(
"option","",name);option.value=value;into.append(option)};add(select,"on",words.what_is_on);groups.forEach(group=>{const own=layers.
filter(one=>one.group===group);const part=element("optgroup");part.label=group;if(own.length>1){add(part,`group ${groups.
indexOf(group)}`,`${group}: ${words.all}`)}own.forEach(one=>add(part,`layer ${one.id}`,one.title));select.append(part)});
select.addEventListener("change",()=>apply())});function wanted(value){if(value==="on"){return layers.filter(one=>one.on)}
const[kind,id]=[value.slice(0,value.indexOf(" ")),value.slice(value.indexOf(" ")+1)];const asked=layers.filter(one=>kind===
"group"?one.group===groups[Number(id)]:one.id===id);return layers.filter(one=>asked.includes(one)||one.on&&one.ground)}function apply(){
if(!on){return}[[page.first,choices.left.value],[second,choices.right.value]].forEach(([share_,value])=>{const asked=new Set(
wanted(value));layers.forEach(layer=>asked.has(layer)?share_.show(layer):share_.hide(layer))})}function place(){const width=other.
parentElement.clientWidth;const x=Math.round(share*width);other.style.clipPath=`inset(0 0 0 ${x}px)`;divider.style.left=
`${x}px`;divider.setAttribute("aria-valuenow",String(Math.round(100*share)))}function start(){const made=new maplibregl.
Map({container:other,style:page.emptyStyle(),center:map.getCenter(),zoom:map.getZoom(),attributionControl:false,interactive:false,
dragRotate:false,pitchWithRotate:false,fadeDuration:0,maxZoom:22});other.style.pointerEvents="none";second=draw.onto(made);
map.on("move",()=>{if(on&&!following){following=true;made.jumpTo({center:map.getCenter(),zoom:map.getZoom()});following=
false}});new ResizeObserver(()=>{if(on){made.resize();place()}}).observe(other.parentElement);return new Promise(resolve=>{
made.once("load",resolve)})}async function toggle(asked){on=asked;[other,divider,box].forEach(one=>{one.hidden=!on});if(!on){
layers.forEach(layer=>layer.on?page.first.show(layer):page.first.hide(layer));return}const earlier=layers.find(one=>one.
earlier);if(!second){choices.left.value=earlier?`layer ${earlier.id}`:"on";const against=earlier?layers.find(one=>one.id===
earlier.earlier):layers.filter(one=>!one.on&&one.tabled).pop()||layers[0];if(against){choices.right.value=`layer ${against.
id}`}await start();page.laid()}second.map.resize();second.map.jumpTo({center:map.getCenter(),zoom:map.getZoom()});place();
apply()}function move(x){const frame=other.parentElement.getBoundingClientRect();share=Math.max(.02,Math.min(.98,(x-frame.
left)/frame.width));place()}divider.addEventListener("pointerdown",event=>{divider.setPointerCapture(event.pointerId);event.
preventDefault()});divider.addEventListener("pointermove",event=>{if(divider.hasPointerCapture(event.pointerId)){move(event.
clientX)}});divider.addEventListener("keydown",event=>{const step={ArrowLeft:-.05,ArrowRight:.05}[event.key];if(step){event.
preventDefault();share=Math.max(.02,Math.min(.98,share+step));place()}});const at=x=>on&&x>share*other.parentElement.clientWidth?
second.map:map;return{toggle,apply,at,on:()=>on,second:()=>second}}function twin(layers,page){const{element,words}=page;const height=30;const spare=12;const head=document.querySelector("#\
twin thead");const body=document.querySelector("#twin tbody");const scroller=document.getElementById("scroller");const of=document.
getElementById("of");const told=document.getElementById("rows");const fold=document.getElementById("fold");const grid=document.
getElementById("twin");const tabled=layers.filter(one=>one.tabled&&one.facts.size);let layer=null;let rows=[];let key=null;
let down=false;let active=0;let drawn=[-1,-1];tabled.forEach(one=>{const option=element("option","",one.title);option.value=
one.id;of.append(option)});function columns(){const found=layer.facts.columns.map(one=>({...one}));if(layer.categories.length>
1||layer.categories[0].outcome){found.splice(1,0,{title:words.verdict_or_class,value:row=>layer.facts.category[row],get:row=>layer.
categories[layer.facts.category[row]].title,outcome:row=>layer.categories[layer.facts.category[row]].outcome})}if(layer.
facts.town){found.push({title:words.town,value:layer.facts.town.get,get:layer.facts.town.get})}if(layer.facts.rule){found.
push({title:words.rule,value:layer.facts.rule.get,get:layer.facts.rule.get})}return found}let shown=[];function open(one){
if(!one){return}layer=one;of.value=one.id;key=null;shown=columns();const line=element("tr");shown.forEach((column,at)=>{
const cell=element("th");const button=element("button",column.number?"number":"",column.title);cell.scope="col";cell.style.
width=`${column.number?138:at?170:210}px`;cell.setAttribute("aria-sort","none");button.type="button";button.title=column.
title;button.addEventListener("click",()=>{down=key===at&&!down;key=at;Array.from(line.children).forEach((other,n)=>other.
setAttribute("aria-sort",n===at?down?"descending":"ascending":"none"));refresh()});cell.append(button);line.append(cell)});
head.replaceChildren(line);grid.style.width=`${shown.reduce((sum,one_,at)=>sum+(one_.number?138:at?170:210),0)}px`;refresh()}
function refresh(){if(!layer){return}rows=[];for(let row=0;row<layer.facts.size;row+=1){if(page.seen(layer,row)&&(!page.
hits||page.hits.get(layer.id)[row])){rows.push(row)}}if(key!==null){rows=layer.facts.sorted(rows,shown[key].value,down)}
told.textContent=words.rows.replace("{count}",rows.length.toLocaleString("en")).replace("{total}",layer.facts.size.toLocaleString(
"en"));grid.setAttribute("aria-rowcount",rows.length+1);active=Math.min(active,Math.max(0,rows.length-1));scroller.scrollTop=
0;drawn=[-1,-1];draw()}function draw(){if(!layer){return}const from=Math.max(0,Math.floor(scroller.scrollTop/height)-spare);
const to=Math.min(rows.length,from+Math.ceil(scroller.clientHeight/height)+2*spare);if(from===drawn[0]&&to===drawn[1]){return}
drawn=[from,to];function room(size){const line=element("tr","room");const cell=element("td");cell.colSpan=shown.length;cell.
style.height=`${size*height}px`;line.setAttribute("aria-hidden","true");line.append(cell);return line}const lines=[];for(let at=from;at<
to;at+=1){const row=rows[at];const line=element("tr",layer.chosen===row?"chosen":"");line.setAttribute("aria-rowindex",at+
2);shown.forEach((column,n)=>{var _a;const cell=element("td",column.number?"number":"");const value=column.get(row);if(n===
0){const button=element("button","",value===null?words.unnamed:value);button.type="button";button.tabIndex=at===active?0:
-1;button.dataset.at=at;button.addEventListener("click",()=>{active=at;page.fly(layer,row)});cell.append(button)}else if((_a=
column.outcome)==null?void 0:_a.call(column,row)){cell.append(page.verdict(column.outcome(row),value))}else{cell.textContent=
value===null?"":value}cell.title=value===null?"":String(value).slice(0,300);line.append(cell)});lines.push(line)}const held=document.
activeElement&&body.contains(document.activeElement);body.replaceChildren(...from?[room(from)]:[],...lines,...to<rows.length?
[room(rows.length-to)]:[]);if(held){focus()}}function focus(){const button=body.querySelector(`button[data-at="${active}\
"]`);if(button){button.focus({preventScroll:true})}}body.addEventListener("keydown",event=>{const step={ArrowDown:1,ArrowUp:-1,
PageDown:8,PageUp:-8,Home:-rows.length,End:rows.length}[event.key];if(!step){return}event.preventDefault();active=Math.max(
0,Math.min(rows.length-1,active+step));const top=active*height;if(top<scroller.scrollTop){scroller.scrollTop=top}if(top+
2*height>scroller.scrollTop+scroller.clientHeight){scroller.scrollTop=top+2*height-scroller.clientHeight}drawn=[-1,-1];draw();
focus()});scroller.addEventListener("scroll",draw);of.addEventListener("change",()=>{open(layers.find(one=>one.id===of.value));
page.noted()});function unfold(wanted){fold.setAttribute("aria-expanded",String(wanted));scroller.hidden=!wanted;document.
body.classList.toggle("drawn",wanted);drawn=[-1,-1];draw()}fold.addEventListener("click",()=>unfold(fold.getAttribute("a\
ria-expanded")!=="true"));function mark(){drawn=[-1,-1];draw()}return{open,refresh,unfold,mark,layer:()=>layer,tabled}}function planted(_data,layers,page){const{element,words}=page;const root=document.getElementById("tree");function swatch(look){
const made=document.createElementNS("http://www.w3.org/2000/svg","svg");const add=(tag,facts)=>{const node=document.createElementNS(
"http://www.w3.org/2000/svg",tag);Object.entries(facts).forEach(([name,value])=>node.setAttribute(name,value));made.append(
node)};Object.entries({viewBox:"0 0 30 18",width:30,height:18,class:"swatch","aria-hidden":"true"}).forEach(([name,value])=>made.
setAttribute(name,value));const filled=look.fill&&look.fill!=="none"&&look.fill_opacity!==0;if(look.line){add("path",{d:"\
M1 9H29",stroke:look.stroke,"stroke-width":Math.max(1,look.weight),"stroke-dasharray":look.dash||"",fill:"none"});return made}
if(look.point){add("circle",{cx:15,cy:9,r:5,fill:look.fill||look.stroke,stroke:look.stroke||"none","stroke-width":look.ring||
0});return made}add("rect",{x:1.5,y:1.5,width:27,height:15,rx:2,fill:filled?look.fill:"none","fill-opacity":look.fill_opacity===
void 0?1:look.fill_opacity,stroke:look.stroke||"none","stroke-width":look.weight||0,"stroke-dasharray":look.dash||""});if(look.
hatch){add("path",{d:{grid:"M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9",level:"M2 6H28M2 12H28",counter:"\
M4 2l12 14M12 2l12 14M20 2l8 9"}[look.hatch]||"M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",stroke:look.stripe||"#ffffff",
"stroke-width":look.hatch==="grid"?1:2.4,fill:"none","stroke-opacity":.8})}return made}const leaves=new Map;function leaf(layer){
const box=element("div","leaf");const key=element("label","key");const input=element("input");const many=element("b","",
layer.facts.size.toLocaleString("en"));box.classList.toggle("on",layer.on);input.type="checkbox";input.checked=layer.on;
input.dataset.layer=layer.id;input.addEventListener("change",()=>page.turn(layer,input.checked));key.append(input);const one=layer.
categories.length===1;if(one){key.append(swatch(layer.categories[0].look))}key.append(element("span","",layer.title),many);
box.append(key);const counts=new Map;if(!one){const classes=element("div","classes");layer.categories.forEach((category,at)=>{
const row=element("div","key");const number=element("b","",category.count.toLocaleString("en"));const title=element("spa\
n","",category.outcome?null:category.title);if(category.outcome){title.append(page.verdict(category.outcome,category.title))}
row.append(swatch(category.look),title,number);counts.set(at,[row,number]);classes.append(row)});box.append(classes)}const strength=element(
"label","strength",words.opacity);const range=element("input");Object.assign(range,{type:"range",min:0,max:100,value:100*
layer.strength});range.setAttribute("aria-label",`${words.opacity}: ${layer.title}`);range.addEventListener("input",()=>{
layer.strength=range.valueAsNumber/100;page.restyle(layer)});strength.append(range);box.append(strength);leaves.set(layer.
id,{box,input,many,counts});return box}const groups=new Map;layers.forEach(layer=>{if(!groups.has(layer.group)){const made=element(
"details");const head=element("summary");const total=element("b");head.append(element("span","",layer.group),total);made.
append(head);root.append(made);groups.set(layer.group,{made,total,layers:[]})}const group=groups.get(layer.group);group.
layers.push(layer);group.made.append(leaf(layer));if(layer.on){group.made.open=true}});function refresh(){groups.forEach(
({total,layers:own})=>{total.textContent=`${own.filter(one=>one.on).length}/${own.length}`});layers.forEach(layer=>{const{
box,input,many,counts}=leaves.get(layer.id);box.classList.toggle("on",layer.on);input.checked=layer.on;many.textContent=
layer.left===layer.facts.size?layer.left.toLocaleString("en"):`${layer.left.toLocaleString("en")}/${layer.facts.size.toLocaleString(
"en")}`;counts.forEach(([row,number],at)=>{row.hidden=layer.hidden.has(at);number.textContent=layer.counted[at].toLocaleString(
"en")})})}return{refresh,reveal:layer=>{groups.get(layer.group).made.open=true}}}function unpacking(){function bytes(id){const node=document.getElementById(id);const text=node.textContent.trim();const step=4*
65536;const made=new Uint8Array(text.length/4*3-(text.endsWith("==")?2:text.endsWith("=")?1:0));for(let from=0,to=0;from<
text.length;from+=step){const part=atob(text.slice(from,from+step));for(let at=0;at<part.length;at+=1){made[to+at]=part.
charCodeAt(at)}to+=part.length}node.remove();return made}function inflated(packed){return new Response(new Blob([packed]).
stream().pipeThrough(new DecompressionStream("gzip")))}return{supported:typeof DecompressionStream==="function",bytes,json:async id=>(await inflated(
bytes(id))).json(),inflate:async packed=>(await inflated(packed)).arrayBuffer()}}(async()=>{const unpack=unpacking();const told=document.getElementById("told");if(!unpack.supported){document.getElementById(
"outdated").hidden=false;return}const data=await unpack.json("payload");const words=data.words;const tables=await unpack.
json("facts-of-layers");const layers=data.layers.map((one,at)=>({...one,facts:factsOf(tables[at]),on:one.shown,strength:1,
hidden:new Set,mask:null,chosen:null}));layers.forEach(one=>{one.left=one.facts.size;one.counted=one.categories.map(category=>category.
count)});function element(tag,className,content){const made=document.createElement(tag);if(className){made.className=className}
if(content!==void 0&&content!==null){made.textContent=content}return made}function drawn(path,size){const made=document.
createElementNS("http://www.w3.org/2000/svg","svg");const line=document.createElementNS("http://www.w3.org/2000/svg","pa\
th");Object.entries({viewBox:"0 0 16 16",width:size,height:size,"aria-hidden":"true"}).forEach(([name,value])=>made.setAttribute(
name,value));line.setAttribute("d",path);made.append(line);return made}function verdict(key,word){const outcome=data.outcomes[key];
const made=element("span","outcome");made.style.setProperty("--tone",outcome.colour);const sign=drawn(outcome.sign,16);sign.
setAttribute("class","sign");made.append(sign,document.createTextNode(word||outcome.word));return made}const ruleTitles=new Map(
data.rules);const page={layers,element,words,verdict,hits:null,ruleTitle:code=>ruleTitles.get(code)||code};page.emptyStyle=
()=>({version:8,sources:{},layers:[{id:"paper",type:"background",paint:{"background-color":"#f3efe6"}}]});let map;try{map=
new maplibregl.Map({container:"map",style:page.emptyStyle(),bounds:data.bounds,fitBoundsOptions:{padding:24},minZoom:Math.
max(0,data.least-.999),maxZoom:22,attributionControl:false,dragRotate:false,pitchWithRotate:false,touchPitch:false,fadeDuration:0,
locale:{"Map.Title":data.alt}})}catch(_fault){told.textContent=words.no_webgl;document.documentElement.dataset.ready="ta\
ble"}if(map){map.touchZoomRotate.disableRotation();map.keyboard.disableRotation();map.addControl(new maplibregl.AttributionControl(
{compact:true}),"bottom-right");map.addControl(new maplibregl.ScaleControl({maxWidth:150,unit:"metric"}),"bottom-left");
map.getCanvas().setAttribute("aria-label",data.alt);await new Promise(resolve=>{map.once("load",resolve)})}const draw=map?
drawing(data,layers,unpack):null;page.first=draw?draw.onto(map):{show(){},hide(){},restyle(){},mask(){},choose(){}};const boxes=Array.
from(document.querySelectorAll("#outcomes input"));const rule=document.getElementById("rule");const town=document.getElementById(
"town");const query=document.getElementById("query");page.seen=(layer,row)=>!layer.hidden.has(layer.facts.category[row])&&
(!layer.mask||layer.mask[row]===1);function shares(){return[page.first,swipe==null?void 0:swipe.second()].filter(Boolean)}
function narrowed(){const refused=new Set(boxes.filter(one=>!one.checked).map(one=>one.value));layers.forEach(layer=>{const facts=layer.
facts;layer.hidden=new Set(layer.categories.map((_one,at)=>at).filter(at=>refused.has(layer.categories[at].outcome)));const byRule=rule.
value&&(facts.rule||layer.rules.length);const byTown=town.value&&facts.town;layer.mask=null;if(byRule||byTown){layer.mask=
new Uint8Array(facts.size);for(let row=0;row<facts.size;row+=1){const ruled=!byRule||(facts.rule?facts.rule.get(row)===rule.
value:layer.rules.includes(rule.value));layer.mask[row]=ruled&&(!byTown||facts.town.get(row)===town.value)?1:0}}layer.counted=
layer.categories.map(()=>0);for(let row=0;row<facts.size;row+=1){if(page.seen(layer,row)){layer.counted[facts.category[row]]+=
1}}layer.left=layer.counted.reduce((sum,one)=>sum+one,0);shares().forEach(one=>{one.restyle(layer);one.mask(layer)})});tree.
refresh();table.refresh();tally();noted()}function tally(){const judged=layers.filter(one=>one.on&&one.tabled&&one.categories.
some(category=>category.outcome));const left=judged.reduce((sum,one)=>sum+one.left,0);const all=judged.reduce((sum,one)=>sum+
one.facts.size,0);document.getElementById("tally").textContent=!layers.length?words.no_layers:judged.length?words.tally.
replace("{count}",left.toLocaleString("en")).replace("{total}",all.toLocaleString("en")):""}page.turn=(layer,on)=>{layer.
on=on;if(swipe==null?void 0:swipe.on()){swipe.apply()}else if(on){page.first.show(layer)}else{page.first.hide(layer)}tree.
refresh();tally();noted()};page.restyle=layer=>shares().forEach(one=>one.restyle(layer));let selected=null;page.choose=(layer,row)=>{
if(selected){shares().forEach(one=>one.choose(selected[0],selected[1],false));selected[0].chosen=null}selected=layer?[layer,
row]:null;if(layer){layer.chosen=row;shares().forEach(one=>one.choose(layer,row,true))}table.mark();noted()};page.fly=(layer,row)=>{
const place=[layer.facts.lon[row],layer.facts.lat[row]];if(!layer.on){page.turn(layer,true);tree.reveal(layer)}page.open(
false);if(!map){return}map.jumpTo({center:place,zoom:Math.max(data.least,layer.facts.flown(row))});card.show([[layer,row]],
place)};const more=document.getElementById("more");page.open=wanted=>{document.body.classList.toggle("open",wanted);more.
setAttribute("aria-expanded",String(wanted));more.textContent=wanted?words.less:words.more};more.addEventListener("click",
()=>page.open(!document.body.classList.contains("open")));let swipe=null;let measure=null;const spoken=document.getElementById(
"spoken");page.speak=([layer,row])=>{const category=layer.categories[layer.facts.category[row]];spoken.textContent=[layer.
facts.name(row)||words.unnamed,layer.title,category.outcome||layer.categories.length>1?category.title:""].filter(Boolean).
join(", ")};const only=document.getElementById("only");only.addEventListener("change",()=>document.getElementById("tree").
classList.toggle("only",only.checked));page.mapAt=x=>swipe?swipe.at(x):map;page.busy=()=>Boolean(measure==null?void 0:measure.
on());const tree=planted(data,layers,page);const table=twin(layers,page);const card=map?cards(map,layers,page):{show(){},
close(){}};const found=document.getElementById("found");const count=document.getElementById("count");function search(){const asked=query.
value.trim();page.hits=asked?new Map(layers.map(one=>[one.id,one.facts.holding(asked)])):null;const called=[];const other=[];
const most=30;const wanted=asked.toLowerCase();let total=0;(asked?table.tabled:[]).forEach(layer=>{const hit=page.hits.get(
layer.id);for(let row=0;row<hit.length;row+=1){if(!hit[row]||!page.seen(layer,row)){continue}total+=1;if(called.length>=
most&&other.length>=most){continue}const into=(layer.facts.name(row)||"").toLowerCase().includes(wanted)?called:other;if(into.
length<most){into.push([layer,row])}}});const hits=[...called,...other].slice(0,most);count.textContent=!asked?"":total?
`${total.toLocaleString("en")} ${words.search_count}`:words.search_none;found.replaceChildren(...hits.map(([layer,row])=>{
const item=element("li");const button=element("button");button.type="button";button.append(element("span","",(layer.facts.
name(row)||words.unnamed).slice(0,200)),element("b","",layer.title));button.addEventListener("click",()=>page.fly(layer,
row));item.append(button);return item}));table.refresh();return hits}query.addEventListener("input",search);document.getElementById(
"search").addEventListener("submit",event=>{event.preventDefault();const hits=search();if(hits.length){page.fly(...hits[0])}});
boxes.forEach(box=>box.addEventListener("change",narrowed));rule.addEventListener("change",()=>{const ruled=layers.filter(
one=>one.rules.length);if(rule.value){ruled.forEach(one=>{const mine=one.rules.includes(rule.value);if(mine!==one.on){page.
turn(one,mine);if(mine){tree.reveal(one)}}})}const first=layers.find(one=>one.on&&one.tabled&&(one.rules.includes(rule.value)||
one.facts.rule));if(rule.value&&first){table.open(first)}narrowed()});town.addEventListener("change",narrowed);let reading=true;
function noted(){if(reading||!map){return}const at=map.getCenter();const parts=[["at",`${map.getZoom().toFixed(2)}/${at.
lat.toFixed(5)}/${at.lng.toFixed(5)}`],["on",layers.filter(one=>one.on).map(one=>one.id).join(",")]];const hidden=boxes.
filter(one=>!one.checked).map(one=>one.value);if(hidden.length){parts.push(["hide",hidden.join(",")])}if(rule.value){parts.
push(["rule",rule.value])}if(town.value){parts.push(["town",town.value])}if(table.layer()){parts.push(["table",table.layer().
id])}if(selected){parts.push(["see",`${selected[0].id}.${selected[1]}`])}history.replaceState(null,"",`#${parts.map(([key,
value])=>`${key}=${encodeURIComponent(value)}`).join("&")}`)}page.noted=noted;function follow(){const asked=new Map(location.
hash.slice(1).split("&").filter(one=>one.includes("=")).map(one=>{const at=one.indexOf("=");try{return[one.slice(0,at),decodeURIComponent(
one.slice(at+1))]}catch(_fault){return["",""]}}));reading=true;const listed=key=>(asked.get(key)||"").split(",").filter(
Boolean);if(asked.has("on")){const on=new Set(listed("on"));layers.forEach(one=>{if(one.on!==on.has(one.id)){page.turn(one,
on.has(one.id));if(one.on){tree.reveal(one)}}})}boxes.forEach(one=>{one.checked=!listed("hide").includes(one.value)});[[
rule,"rule"],[town,"town"]].forEach(([select,key])=>{select.value=asked.get(key)||"";if(select.selectedIndex<0){select.value=
""}});narrowed();const[zoom,lat,lon]=(asked.get("at")||"").split("/").map(Number);if(map&&Number.isFinite(zoom)&&Math.abs(
lat)<=85&&Math.abs(lon)<=180){map.jumpTo({zoom,center:[lon,lat]})}table.open(layers.find(one=>one.id===asked.get("table")&&
one.tabled)||table.layer()||table.tabled.find(one=>one.on&&one.categories.some(category=>category.outcome))||table.tabled.
find(one=>one.on)||table.tabled[0]);const see=/^(.+)\.(\d+)$/.exec(asked.get("see")||"");const layer=see&&layers.find(one=>one.
id===see[1]);if(layer&&Number(see[2])<layer.facts.size){const[,,row]=see;page.fly(layer,Number(row));if(asked.has("at")&&
map){map.jumpTo({zoom,center:[lon,lat]})}}reading=false;noted()}if(map){let whole2=function(){map.fitBounds(data.bounds,
{padding:24,animate:false})},press2=function(button,work){const on=button.getAttribute("aria-pressed")!=="true";button.setAttribute(
"aria-pressed",String(on));work(on)};var whole=whole2,press=press2;measure=ruler(map,data,page);swipe=swiping(map,layers,
draw,page);const sheet=papering(map,data,page,tree.reveal);const base=ground(data,()=>shares().map(one=>one.map),page);page.
laid=base.laid;map.on("error",event=>{var _a;if((_a=event.sourceId)==null?void 0:_a.startsWith("ground|")){base.failed()}else{
console.error(event.error)}});map.on("moveend",noted);const tools=document.getElementById("tools");const buttons=[["zoom\
_in","M8 3v10M3 8h10",()=>map.zoomIn({animate:false})],["zoom_out","M3 8h10",()=>map.zoomOut({animate:false})],["whole",
"M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",whole2],["measure","M2 11L11 2l3 3-9 9zM5 8l1.5\
00 1.500M7.500 5.500L9 7M10 3l1.500 1.500",button=>press2(button,measure.toggle)],["swipe","M8 2v12M5 5L2 8l3 3M11 5l3 3\
-3 3",button=>press2(button,swipe.toggle)],["print","M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.500h8V14H4z",()=>sheet.print()],["l\
ink","M7 9l2-2M6 6L3.500 8.500a2.500 2.500 0 0 0 4 4L10 10M6.500 6L9 3.500a2.500 2.500 0 0 1 4 4L10 10",copy]];async function copy(){
noted();let done=true;try{await navigator.clipboard.writeText(location.href)}catch(_fault){done=false}told.textContent=done?
words.copied:words.in_address;setTimeout(()=>{told.textContent=""},4e3)}buttons.forEach(([word,path,act])=>{const button=element(
"button");button.type="button";button.title=words[word];button.dataset.tool=word;button.setAttribute("aria-label",words[word]);
if(["measure","swipe"].includes(word)){button.setAttribute("aria-pressed","false")}button.append(drawn(path,18));button.
addEventListener("click",()=>act(button));tools.append(button)});page.map=map;layers.filter(one=>one.on).forEach(one=>page.
first.show(one))}if(window.matchMedia("(max-width: 760px), (max-height: 480px)").matches){table.unfold(false)}follow();window.
addEventListener("hashchange",follow);if(map){map.once("idle",()=>{document.documentElement.dataset.ready="yes"});map.triggerRepaint()}
window.mainMap=map})();})();
