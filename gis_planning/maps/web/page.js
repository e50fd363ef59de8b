"use strict";(()=>{var __defProp=Object.defineProperty;var __defNormalProp=(obj,key,value)=>key in obj?__defProp(obj,key,{enumerable:true,configurable:true,writable:true,value}):
obj[key]=value;var __publicField=(obj,key,value)=>__defNormalProp(obj,typeof key!=="symbol"?key+"":key,value);var SVG="http://www.w3.org/2000/svg";function byId(id,kind){const found=document.getElementById(id);if(!(found instanceof
kind)){throw new Error(`the page has no ${kind.name} called ${id}`)}return found}function element(tag,className="",content=null){
const made=document.createElement(tag);if(className){made.className=className}if(content!==null){made.textContent=content}
return made}function button(content,work,className=""){const made=element("button",className,content);made.type="button";
made.addEventListener("click",work);return made}function option(value,title){const made=element("option","",title);made.
value=value;return made}function drawing(viewBox,[width,height],parts,className=""){const root=svg("svg",{viewBox,width,
height,"aria-hidden":"true"});if(className){root.setAttribute("class",className)}root.append(...parts.map(([tag,attributes])=>svg(
tag,attributes)));return root}function svg(tag,attributes){const made=document.createElementNS(SVG,tag);for(const[name,value]of Object.
entries(attributes)){made.setAttribute(name,String(value))}return made}function counted(count){return count.toLocaleString(
"en")}function askedOf(page){const{layers,words}=page;const boxes=Array.from(document.querySelectorAll("#outcomes input"));const rule=byId(
"rule",HTMLSelectElement);const topic=byId("topic",HTMLSelectElement);const borderline=byId("borderline",HTMLInputElement);
const town=byId("town",HTMLSelectElement);function refused(){return boxes.filter(box=>!box.checked).map(box=>box.value)}
function recount(layer){const topics=[rule.value,topic.value,borderline.checked?borderline.id:""].filter(Boolean);layer.
hidden=hiddenOf(layer,new Set(refused()));layer.mask=maskOf(layer,{rule:rule.value,topics,town:town.value});layer.counted=
countedOf(layer,page);layer.left=layer.counted.reduce((sum,count)=>sum+count,0)}function narrow(){for(const layer of layers){
recount(layer);for(const share of page.shares()){share.restyle(layer);share.mask(layer)}}page.tree.refresh();page.table.
refresh();tally();page.noted()}function tally(){const judged2=layers.filter(layer=>layer.on&&layer.tabled&&layer.categories.
some(({outcome})=>outcome));const left=judged2.reduce((sum,layer)=>sum+layer.left,0);const total=judged2.reduce((sum,layer)=>sum+
layer.facts.size,0);const sentence=words.tally.replace("{count}",counted(left)).replace("{total}",counted(total));byId("\
tally",HTMLElement).textContent=!layers.length?words.no_layers:judged2.length?sentence:""}function followRule(){if(rule.
value){for(const layer of layers.filter(one=>one.rules.length)){switchTo(layer,layer.rules.includes(rule.value),page)}page.
table.open(layers.find(({on,tabled,rules,facts})=>on&&tabled&&(rules.includes(rule.value)||facts.rule)))}narrow()}function followTopic(){
layers.filter(({id})=>id===`line.${topic.value}`).forEach(layer=>switchTo(layer,true,page));narrow()}boxes.forEach(box=>box.
addEventListener("change",narrow));rule.addEventListener("change",followRule);topic.addEventListener("change",followTopic);
borderline.addEventListener("change",narrow);town.addEventListener("change",narrow);return{narrow,recount,tally,refused,
rule:()=>rule.value,topic:()=>topic.value,borderline:()=>borderline.checked,town:()=>town.value,set:parts=>{var _a,_b,_c,
_d;const outcomes=((_a=parts.get("hide"))!=null?_a:"").split(",");for(const box of boxes){box.checked=!outcomes.includes(
box.value)}select(rule,(_b=parts.get("rule"))!=null?_b:"");select(topic,(_c=parts.get("line"))!=null?_c:"");select(town,
(_d=parts.get("town"))!=null?_d:"");borderline.checked=parts.has("borderline");narrow()}}}function switchTo(layer,on,page){
if(on===layer.on){return}page.turn(layer,on);if(on){page.tree.reveal(layer)}}function select(choice,value){choice.value=
value;if(choice.selectedIndex<0){choice.value=""}}function hiddenOf({categories},refused){return new Set([...categories.
keys()].filter(at=>{var _a;return refused.has((_a=categories[at].outcome)!=null?_a:"")}))}function maskOf({facts,rules},{
rule,topics,town}){var _a;const about=facts.topics&&topics.length?facts.topics(topics):null;const byRule=!facts.topics&&
rule&&(facts.rule||rules.length);const byTown=town&&facts.town;if(!byRule&&!about&&!byTown){return null}const mask=new Uint8Array(
facts.size);for(let row=0;row<facts.size;row+=1){const ruled=!byRule||(facts.rule?facts.rule.get(row)===rule:rules.includes(
rule));mask[row]=ruled&&(!about||about(row))&&(!byTown||((_a=facts.town)==null?void 0:_a.get(row))===town)?1:0}return mask}
function countedOf(layer,page){const counts=layer.categories.map(()=>0);for(let row=0;row<layer.facts.size;row+=1){if(page.
seen(layer,row)){counts[layer.facts.category[row]]+=1}}return counts}function addressOf(page,asked,views){const{map,layers}=page;let reading=true;function write2(){var _a;if(reading||!map){
return}const at=map.getCenter();const on=layers.filter(layer=>layer.on).map(({id})=>id);const parts={at:`${map.getZoom().
toFixed(2)}/${at.lat.toFixed(5)}/${at.lng.toFixed(5)}`,...given("view",views.id()),on:on.join(","),...given("hide",asked.
refused().join(",")),...given("rule",asked.rule()),...given("line",asked.topic()),...given("borderline",asked.borderline()&&
"yes"),...given("town",asked.town()),...given("table",(_a=page.table.layer())==null?void 0:_a.id),...given("see",page.selected&&
`${page.selected[0].id}.${page.selected[1]}`)};const written2=Object.entries(parts).map(([key,value])=>`${key}=${encodeURIComponent(
value)}`);history.replaceState(null,"",`#${written2.join("&")}`)}function follow(){var _a,_b,_c;const hash=location.hash.
slice(1);const named2=namedIn(hash,page);const parts=partsOf(named2?"":hash);const view=viewOf(parts.get("at"));const on=parts.
get("on");reading=true;views.chooseBy((_a=parts.get("view"))!=null?_a:hash);if(on!==void 0){layers.forEach(layer=>switchTo(
layer,on.split(",").includes(layer.id),page))}asked.set(parts);if(map&&view){map.jumpTo(view)}page.table.open((_b=layers.
find(({id,tabled})=>tabled&&id===parts.get("table")))!=null?_b:tableAtFirst(page));const feature=(_c=named2!=null?named2:
featureOf(parts.get("see"),page))!=null?_c:views.featureAt(hash);if(feature){page.fly(feature);if(map&&view){map.jumpTo(
view)}}reading=false;write2()}return{write:write2,follow}}function given(key,value){return value?{[key]:value}:{}}function partsOf(hash){
const parts=new Map;for(const part2 of hash.split("&").filter(one=>one.includes("="))){const at=part2.indexOf("=");try{parts.
set(part2.slice(0,at),decodeURIComponent(part2.slice(at+1)))}catch(e){}}return parts}function viewOf(written2){const[zoom,
lat,lon]=(written2!=null?written2:"").split("/").map(Number);const sound=written2&&Number.isFinite(zoom)&&Math.abs(lat)<=
85&&Math.abs(lon)<=180;return sound?{zoom,center:[lon,lat]}:null}function namedIn(hash,page){var _a,_b;const[[,name=""]=[]]=partsOf(
`name=${hash}`);for(const layer of name?page.layers:[]){const row=(_b=(_a=layer.facts.anchors)==null?void 0:_a.indexOf(name))!=
null?_b:-1;if(row>=0){return[layer,row]}}return null}function featureOf(written2,page){var _a;const[,id,row]=(_a=/^(.+)\.(\d+)$/.
exec(written2!=null?written2:""))!=null?_a:[];const layer=page.layers.find(one=>one.id===id);return layer&&Number(row)<layer.
facts.size?[layer,Number(row)]:null}function tableAtFirst({table}){var _a,_b,_c,_d;const on=table.tabled.filter(layer=>layer.
on);const judged2=on.filter(layer=>layer.ranked||layer.categories.some(({outcome})=>outcome));return(_d=(_c=(_b=(_a=table.
layer())!=null?_a:judged2.find(layer=>!layer.of))!=null?_b:judged2[0])!=null?_c:on[0])!=null?_d:table.tabled[0]}function numbersIn(bytes){let at=0;return()=>{let value=0;let worth=1;for(;bytes[at]>127;at+=1){value+=(bytes[at]-128)*worth;
worth*=128}value+=bytes[at]*worth;at+=1;return value%2?-(value+1)/2:value/2}}var APART=1e-4;var TURNS=[[],[0,3],[1,0],[1,3],[2,1],[0,3,2,1],[2,0],[2,3],[3,2],[0,2],[1,0,3,2],[1,2],[3,1],[0,1],[3,0],
[],[0,1,2,3],[3,0,1,2]];function below({width,height,value},cap,barred){const after=new Map;for(let y=0;y+1<height;y+=1){
for(let x=0;x+1<width;x+=1){const at=y*width+x;const turns=TURNS[kindOf(value,at,width)];const sides=[2*at,2*(at+1)+1,2*
(at+width),2*at+1];for(let turn2=0;turn2<turns.length;turn2+=2){after.set(sides[turns[turn2]],sides[turns[turn2+1]])}}}const rings=[];
while(after.size){const[start2]=after.keys();const ring=[];for(let line=start2,to=after.get(line);to!==void 0;line=to,to=
after.get(line)){ring.push(crossing(line,{width,height,value},cap,barred));after.delete(line)}rings.push(ring)}return grouped(
rings)}function kindOf(value,at,width){const[a,b,c,d]=[value[at],value[at+1],value[at+width+1],value[at+width]];const code=(a<=
0?1:0)+(b<=0?2:0)+(c<=0?4:0)+(d<=0?8:0);const bound=(code===5||code===10)&&a+b+c+d<=0;return bound?code===5?16:17:code}function crossing(line,{
width,value},cap,barred){const at=line>>1;const upright=line%2===1;const[x,y]=[at%width,Math.floor(at/width)];const[one,
two]=[value[at],value[at+(upright?width:1)]];const between=barred(x,y,upright);let share=one/(one-two);if(between){const[
low,high]=between;share=one<=0?low*(-one/cap):1-(1-high)*(-two/cap)}share=Math.min(Math.max(share,APART),1-APART);return upright?
[x,y+share]:[x+share,y]}function grouped(rings){var _a;const told=rings.map(ring=>({ring,area:areaOf(ring)}));const outer=told.
filter(({area:area2})=>area2>0).sort((one,other)=>one.area-other.area);const polygons=outer.map(({ring})=>[ring]);for(const{
ring}of told.filter(({area:area2})=>area2<0)){const around2=outer.findIndex(one=>holds(one.ring,ring[0]));(_a=polygons[around2])==
null?void 0:_a.push(ring)}return polygons}function areaOf(ring){let doubled=0;ring.forEach(([x,y],at)=>{const[toX,toY]=ring[(at+
1)%ring.length];doubled+=x*toY-toX*y});return doubled/2}function holds(ring,[x,y]){let inside=false;ring.forEach(([fromX,
fromY],at)=>{const[toX,toY]=ring[(at+1)%ring.length];if(fromY>y!==toY>y&&x<fromX+(y-fromY)/(toY-fromY)*(toX-fromX)){inside=
!inside}});return inside}var NEAR_M=1e-6;function squaresOf({x0,y0,x1,y1,size},side2,[west,south,east,north]){const columns=Math.max(1,Math.ceil(
(east-west)/side2));const rows=Math.max(1,Math.ceil((north-south)/side2));function each(segment,tell){const[fromX,toX]=x0[segment]<
x1[segment]?[x0[segment],x1[segment]]:[x1[segment],x0[segment]];const left=Math.max(0,Math.floor((fromX-west)/side2));const right=Math.
min(columns-1,Math.floor((toX-west)/side2));const slope=toX>fromX?(y1[segment]-y0[segment])/(x1[segment]-x0[segment]):0;
for(let column=left;column<=right;column+=1){let[low,high]=[y0[segment],y1[segment]];if(toX>fromX){const enter=Math.max(
fromX,west+column*side2);const leave=Math.min(toX,west+(column+1)*side2);low=y0[segment]+slope*(enter-x0[segment]);high=
y0[segment]+slope*(leave-x0[segment])}const bottom=Math.max(0,Math.floor((Math.min(low,high)-NEAR_M-south)/side2));const top=Math.
min(rows-1,Math.floor((Math.max(low,high)+NEAR_M-south)/side2));for(let row=bottom;row<=top;row+=1){tell(row*columns+column)}}}
const first=new Int32Array(columns*rows+1);for(let segment=0;segment<size;segment+=1){each(segment,square=>{first[square+
1]+=1})}for(let square=0;square<columns*rows;square+=1){first[square+1]+=first[square]}const held=new Int32Array(first[columns*
rows]);const free=first.slice();for(let segment=0;segment<size;segment+=1){each(segment,square=>{held[free[square]]=segment;
free[square]+=1})}return{side:side2,first,held,columns,rows,column:x=>Math.floor((x-west)/side2),row:y=>Math.floor((y-south)/
side2)}}var ENDS_M=1;var STARTS=1e-6;function wallsOf(barriers,box,side2){const near=barriers.filter(({lines})=>lines.some(line=>meets(
line,box)));const pairs=near.flatMap(({lines})=>lines.flatMap(line=>line.slice(1).map((to,at)=>[line[at],to])));const each=value=>Float64Array.
from(pairs,value);const segments={size:pairs.length,x0:each(([[x]])=>x),y0:each(([[,y]])=>y),x1:each(([,[x]])=>x),y1:each(
([,[,y]])=>y)};const squares=pairs.length?squaresOf(segments,side2,box):null;function crossings(fromX,fromY,toX,toY){if(!squares){
return null}const{columns,rows,first,held,column,row}=squares;const[left,right]=sorted(column(fromX),column(toX),columns);
const[low,high]=sorted(row(fromY),row(toY),rows);let found=null;for(let y=low;y<=high;y+=1){for(let at=first[y*columns+left];at<
first[y*columns+right+1];at+=1){const share=crossing2(fromX,fromY,toX,toY,held[at]);if(share!==null){found=found?[Math.min(
found[0],share),Math.max(found[1],share)]:[share,share]}}}return found}function crossing2(fromX,fromY,toX,toY,wall){const[
alongX,alongY]=[toX-fromX,toY-fromY];const[wallX,wallY]=[segments.x1[wall]-segments.x0[wall],segments.y1[wall]-segments.
y0[wall]];const[awayX,awayY]=[segments.x0[wall]-fromX,segments.y0[wall]-fromY];const turn2=alongX*wallY-alongY*wallX;if(turn2===
0){return null}const share=(awayX*wallY-awayY*wallX)/turn2;const across=(awayX*alongY-awayY*alongX)/turn2;return share>=
0&&share<=1&&across>=0&&across<=1?share:null}return{crossed:(x,y,foot)=>{const kept=1-ENDS_M/foot.gap;const found=kept>0?
crossings(x,y,x+kept*(foot.x-x),y+kept*(foot.y-y)):null;return found!==null&&found[1]>STARTS},between:(x,y,cell,upright)=>crossings(
x,y,x+(upright?0:cell),y+(upright?cell:0)),wet:grid=>{const found=new Uint8Array(grid.size);near.filter(({land})=>land).
forEach(({lines})=>flood(lines,grid,found));return found}}}function sorted(one,other,count){const[low,high]=one<other?[one,
other]:[other,one];return[Math.max(0,low),Math.min(count-1,high)]}function meets(line,[west,south,east,north]){const[x,y]=[
line.map(([one])=>one),line.map(([,one])=>one)];const least=values=>values.reduce((low,one)=>Math.min(low,one),Infinity);
const most=values=>values.reduce((high,one)=>Math.max(high,one),-Infinity);return least(x)<=east&&most(x)>=west&&least(y)<=
north&&most(y)>=south}function flood(rings,{left,bottom,width,height,cell},found){const cuts=Array.from({length:height},
()=>[]);for(const ring of rings){for(let at=0;at+1<ring.length;at+=1){const[[fromX,fromY],[toX,toY]]=[ring[at],ring[at+1]];
const first=Math.max(0,Math.ceil(Math.min(fromY,toY)/cell)-bottom);const last2=Math.min(height,Math.ceil(Math.max(fromY,
toY)/cell)-bottom);for(let row=first;row<last2;row+=1){const y=(bottom+row)*cell;cuts[row].push(fromX+(y-fromY)/(toY-fromY)*
(toX-fromX))}}}cuts.forEach((own,row)=>{own.sort((one,other)=>one-other);for(let at=0;at+1<own.length;at+=2){const from=Math.
max(0,Math.ceil(own[at]/cell)-left);const to=Math.min(width,Math.floor(own[at+1]/cell)-left+1);if(to>from){found.fill(1,
row*width+from,row*width+to)}}})}var TRIES=64;var SQUARE_M=50;function areasAround(streets,ways,facts){const{limits,minutes,cell,factor,longest}=facts;if(!ways.
length){return[]}const cap=cell*Math.SQRT2*factor;const cost=costs(streets,ways,factor,Math.max(...limits)+cap);const margin=longest+
2*cell;const own=new Set(ways.map(({edge})=>edge));const{u,v}=streets;const reached2=segmentsOf(streets,edge=>cost[u[edge]]<
Infinity||cost[v[edge]]<Infinity||own.has(edge));const box=grown(boxOf(reached2),margin);const wide=grown(box,margin);const near=segmentsOf(
streets,edge=>meets2(streets,edge,wide));const squares=squaresOf(near,Math.max(SQUARE_M,cell),wide);const walls=wallsOf(
streets.barriers,wide,squares.side);const grid=gridIn(box,cell);const[value,beyond]=[new Float64Array(grid.size).fill(Infinity),
new Float64Array(grid.size).fill(Infinity)];const wet=walls.wet(grid);const maybe=squaresNear(squares,reached2,margin);for(let at=0;at<
grid.size;at+=1){const x=(grid.left+at%grid.width)*cell;const y=(grid.bottom+Math.floor(at/grid.width))*cell;if(!wet[at]&&
maybe[squares.row(y)*squares.columns+squares.column(x)]){const foot=footOf(x,y,near,squares,margin,walls);if(foot){value[at]=
foot.gap*factor+onward(streets,cost,ways,factor,foot);beyond[at]=(foot.gap-longest)*factor}}}return limits.map((limit,at)=>{
const excess=value.map((one,spot)=>Math.min(Math.max(one-limit,beyond[spot],-cap),cap));const rings=below({...grid,value:excess},
cap,(x,y,upright)=>walls.between((grid.left+x)*cell,(grid.bottom+y)*cell,cell,upright));return{minutes:minutes[at],...inMetres(
rings,grid,cell)}})}function inMetres(polygons,{left,bottom},cell){const moved=polygons.map(rings=>rings.map(ring=>ring.
map(([x,y])=>[(left+x)*cell,(bottom+y)*cell])));return{area:moved.flat().reduce((sum,ring)=>sum+areaOf(ring),0),polygons:moved}}
function costs({x,u,v,along,against,length:length2,arcs},ways,factor,most){const cost=new Float64Array(x.length).fill(Infinity);
const heap=[];function offer(node,sum){if(sum<cost[node]&&sum<=most){cost[node]=sum;push(heap,{node,cost:sum})}}for(const{
edge,offset,access}of ways){const share=shareOf(offset,length2[edge]);offer(u[edge],access*factor+times(along[edge],share));
offer(v[edge],access*factor+times(against[edge],1-share))}for(let next=pop(heap);next;next=pop(heap)){const{node,cost:sum}=next;
if(sum===cost[node]){for(let at=arcs.first[node];at<arcs.first[node+1];at+=1){const edge=arcs.edge[at];if(v[edge]===node){
offer(u[edge],sum+along[edge])}if(u[edge]===node){offer(v[edge],sum+against[edge])}}}}return cost}function push(heap,one){
let at=heap.length;heap.push(one);while(at>0){const above=at-1>>1;if(heap[above].cost<=one.cost){break}heap[at]=heap[above];
at=above}heap[at]=one}function pop(heap){const[first]=heap;const last2=heap.pop();if(last2&&heap.length){let at=0;for(let below2=1;below2<
heap.length;below2=2*at+1){if(below2+1<heap.length&&heap[below2+1].cost<heap[below2].cost){below2+=1}if(heap[below2].cost>=
last2.cost){break}heap[at]=heap[below2];at=below2}heap[at]=last2}return first}function times(cost,share){return share>0?
cost*share:0}function shareOf(offset,length2){return length2>0?Math.min(Math.max(offset/length2,0),1):0}function onward({
u,v,along,against,length:length2},cost,ways,factor,{edge,share}){let best=Math.min(cost[u[edge]]+times(against[edge],share),
cost[v[edge]]+times(along[edge],1-share));for(const way of ways){if(way.edge===edge){const step=shareOf(way.offset,length2[edge])-
share;const ride=step>=0?times(along[edge],step):times(against[edge],-step);best=Math.min(best,way.access*factor+ride)}}
return best}function meets2({first,px,py},edge,[west,south,east,north]){let[left,low,right,high]=[Infinity,Infinity,-Infinity,
-Infinity];for(let at=first[edge];at<first[edge+1];at+=1){left=Math.min(left,px[at]);right=Math.max(right,px[at]);low=Math.
min(low,py[at]);high=Math.max(high,py[at])}return left<=east&&right>=west&&low<=north&&high>=south}function segmentsOf({
u,first,px,py,at,length:length2},wanted2){const points=[];const edges=[];for(let edge=0;edge<u.length;edge+=1){if(wanted2(
edge)){for(let point=first[edge];point+1<first[edge+1];point+=1){points.push(point);edges.push(edge)}}}const each=value=>Float64Array.
from(points,value);return{size:points.length,x0:each(point=>px[point]),y0:each(point=>py[point]),x1:each(point=>px[point+
1]),y1:each(point=>py[point+1]),edge:Int32Array.from(edges),from:each((point,nr)=>shareOf(at[point],length2[edges[nr]])),
to:each((point,nr)=>shareOf(at[point+1],length2[edges[nr]]))}}function boxOf({x0,y0,x1,y1,size}){const box=[Infinity,Infinity,
-Infinity,-Infinity];for(let at=0;at<size;at+=1){box[0]=Math.min(box[0],x0[at],x1[at]);box[1]=Math.min(box[1],y0[at],y1[at]);
box[2]=Math.max(box[2],x0[at],x1[at]);box[3]=Math.max(box[3],y0[at],y1[at])}return box}function grown([west,south,east,north],by){
return[west-by,south-by,east+by,north+by]}function gridIn([west,south,east,north],cell){const left=Math.ceil(west/cell);
const bottom=Math.ceil(south/cell);const width=Math.floor(east/cell)-left+1;const height=Math.floor(north/cell)-bottom+1;
return{left,bottom,width,height,size:width*height,cell}}function squaresNear({columns,rows,column,row,side:side2},{x0,y0,
x1,y1,size},far){const found=new Uint8Array(columns*rows);const steps=Math.ceil(far/side2);const there=new Uint8Array(columns*
rows);for(let at=0;at<size;at+=1){const[left,right]=[column(Math.min(x0[at],x1[at])),column(Math.max(x0[at],x1[at]))];const[
low,high]=[row(Math.min(y0[at],y1[at])),row(Math.max(y0[at],y1[at]))];for(let y=low;y<=high;y+=1){there.fill(1,y*columns+
left,y*columns+right+1)}}there.forEach((one,at)=>{if(one){const[x,y]=[at%columns,Math.floor(at/columns)];for(let other=Math.
max(0,y-steps);other<=Math.min(rows-1,y+steps);other+=1){const from=other*columns;found.fill(1,from+Math.max(0,x-steps),
from+Math.min(columns-1,x+steps)+1)}}});return found}function footOf(x,y,pieces,squares,far,walls){let best=-1;let least=far;
around(x,y,squares,far,piece=>{const gap=gapTo(x,y,pieces,piece);if(gap<least){best=piece;least=gap}return least});const found=best<
0?null:footOn(x,y,pieces,best);return found&&walls.crossed(x,y,found)?beyondBarriers(x,y,pieces,squares,far,walls):found}
function beyondBarriers(x,y,pieces,squares,far,walls){var _a;const byEdge=new Map;around(x,y,squares,far,piece=>{var _a2,
_b;const foot=footOn(x,y,pieces,piece);if(foot.gap<=far&&foot.gap<((_b=(_a2=byEdge.get(foot.edge))==null?void 0:_a2.gap)!=
null?_b:Infinity)){byEdge.set(foot.edge,foot)}return far});const sorted3=[...byEdge.values()].sort((one,other)=>one.gap-
other.gap).slice(0,TRIES);return(_a=sorted3.find(foot=>!walls.crossed(x,y,foot)))!=null?_a:null}function around(x,y,{column,
row,columns,rows,side:side2,first,held},far,tell){const[middle,level]=[column(x),row(y)];let left=far;for(let ring=0;ring===
0||(ring-1)*side2<left;ring+=1){for(let down=Math.max(0,level-ring);down<=Math.min(rows-1,level+ring);down+=1){const whole=Math.
abs(down-level)===ring;for(let across=middle-ring;across<=middle+ring;across+=whole||!ring?1:2*ring){if(across>=0&&across<
columns){const square=down*columns+across;for(let at=first[square];at<first[square+1];at+=1){left=tell(held[at])}}}}}}function shareOn(x,y,{
x0,y0,x1,y1},piece){const alongX=x1[piece]-x0[piece];const alongY=y1[piece]-y0[piece];const whole=alongX*alongX+alongY*alongY;
const part2=whole>0?((x-x0[piece])*alongX+(y-y0[piece])*alongY)/whole:0;return Math.min(Math.max(part2,0),1)}function gapTo(x,y,pieces,piece){
const{x0,y0,x1,y1}=pieces;const share=shareOn(x,y,pieces,piece);const awayX=x-x0[piece]-share*(x1[piece]-x0[piece]);const awayY=y-
y0[piece]-share*(y1[piece]-y0[piece]);return Math.sqrt(awayX*awayX+awayY*awayY)}function footOn(x,y,pieces,piece){const{
x0,y0,x1,y1,edge,from,to}=pieces;const share=shareOn(x,y,pieces,piece);return{edge:edge[piece],share:from[piece]+share*(to[piece]-
from[piece]),gap:gapTo(x,y,pieces,piece),x:x0[piece]+share*(x1[piece]-x0[piece]),y:y0[piece]+share*(y1[piece]-y0[piece])}}function streetsOf(next,step){const[nodes,edges,facilities,ways,barriers]=many(5,next);const[x,y]=places(nodes,next,step);
const u=Int32Array.from(summed(many(edges,next)));const v=Int32Array.from(many(edges,next),(leap,at)=>u[at]+leap);const open=many(
edges,next);const beyond=many(edges,next);const back=many(edges,next);const inner=many(edges,next);const lines=linesOf({
x,y,u,v},inner,next,step);const along=new Float64Array(edges);const against=new Float64Array(edges);for(let edge=0;edge<
edges;edge+=1){const forth=beyond[edge]*step+Math.round(lines.length[edge]/step)*step;along[edge]=open[edge]===2?Infinity:
forth;against[edge]=open[edge]===1?Infinity:forth+back[edge]*step}return{...{x,y,u,v,along,against},...lines,arcs:arcsOf(
nodes,u,v),ways:waysOf(many(facilities,next),ways,next,step),barriers:barriersOf(barriers,next,step)}}function many(count,next){
return Array.from({length:count},next)}function summed(steps){let sum=0;return steps.map(one=>{sum+=one;return sum})}function places(count,next,step){
const x=new Float64Array(count);const y=new Float64Array(count);let[east,north]=[0,0];for(let at=0;at<count;at+=1){east+=
next();north+=next();x[at]=east*step;y[at]=north*step}return[x,y]}function linesOf({x,y,u,v},inner,next,step){const first=new Int32Array(
inner.length+1);inner.forEach((count,edge)=>{first[edge+1]=first[edge]+count+2});const size=first[inner.length];const[px,
py,at]=[new Float64Array(size),new Float64Array(size),new Float64Array(size)];const length2=new Float64Array(inner.length);
for(let edge=0;edge<inner.length;edge+=1){const[from,to]=[first[edge],first[edge+1]-1];[px[from],py[from],px[to],py[to]]=
[x[u[edge]],y[u[edge]],x[v[edge]],y[v[edge]]];for(let point=from+1;point<to;point+=1){px[point]=px[point-1]+next()*step;
py[point]=py[point-1]+next()*step}for(let point=from+1;point<=to;point+=1){at[point]=at[point-1]+Math.hypot(px[point]-px[point-
1],py[point]-py[point-1])}length2[edge]=at[to]}return{first,px,py,at,length:length2}}function arcsOf(nodes,u,v){const first=new Int32Array(
nodes+1);for(const ends of[u,v]){for(const node of ends){first[node+1]+=1}}for(let node=0;node<nodes;node+=1){first[node+
1]+=first[node]}const edge=new Int32Array(2*u.length);const free=first.slice();for(const ends of[u,v]){ends.forEach((node,at)=>{
edge[free[node]]=at;free[node]+=1})}return{first,edge}}function waysOf(counts,size,next,step){const edge=summed(many(size,
next));const offset=many(size,next);const access=many(size,next);let from=0;return counts.map(count=>{const own=Array.from(
{length:count},(_,at)=>from+at);from+=count;return own.map(at=>({edge:edge[at],offset:offset[at]*step,access:access[at]*
step}))})}function barriersOf(count,next,step){const land=many(count,next);const parts=many(count,next);const sizes=many(
parts.reduce((sum,one)=>sum+one,0),next);let[x,y,line]=[0,0,0];return parts.map((lines,at)=>({land:land[at]===1,lines:Array.
from({length:lines},()=>{line+=1;return Array.from({length:sizes[line-1]},()=>{x+=next();y+=next();return[x*step,y*step]})})}))}
function degreesOf({middle,half,power,lon,lat},[east,north]){const x=(east-middle[0])/half[0];const y=(north-middle[1])/
half[1];const found=[0,0];let term=0;for(let i=0,byX=1;i<=power;i+=1,byX*=x){for(let j=0,both2=byX;j<=power-i;j+=1,both2*=
y,term+=1){found[0]+=lon[term]*both2;found[1]+=lat[term]*both2}}return found}var PART=4*65536;function decoded(text){const padding=text.endsWith("==")?2:text.endsWith("=")?1:0;const made=new Uint8Array(
text.length/4*3-padding);for(let from=0,to=0;from<text.length;from+=PART){const part2=atob(text.slice(from,from+PART));for(let at=0;at<
part2.length;at+=1){made[to+at]=part2.charCodeAt(at)}to+=part2.length}return made}var shared=new Map;function bytesOf(id){
var _a;const known=shared.get(id);if(known){return known}const node=document.getElementById(id);if(node===null){throw new Error(
`the page holds no ${id}`)}node.remove();const bytes=decoded(((_a=node.textContent)!=null?_a:"").trim());if(node.dataset.
shared){shared.set(id,bytes)}return bytes}function inflating(packed){return new Response(new Blob([packed]).stream().pipeThrough(
new DecompressionStream("gzip")))}async function inflated(packed){return inflating(packed).arrayBuffer()}async function jsonOf(id){
return inflating(bytesOf(id)).json()}var SMALL=.005;var bodies=new Map;var opened=new Map;var last=null;function areasOf(id,shape,row,view){var _a;const at=(_a=
shape.network_of[view!=null?view:""])!=null?_a:0;const key=`${id} ${at} ${row}`;if((last==null?void 0:last.key)!==key){last=
{key,areas:worked(id,shape,at,row)}}return last.areas}async function worked(id,shape,at,row){const facts=shape.networks[at];
const streets=await networkOf(id,shape,at);return areasAround(streets,streets.ways[row],facts).map(({area:area2,polygons},nr)=>({
row:nr,area:area2,coordinates:polygons.map(rings=>rings.map(ring=>[...ring,ring[0]].map(place=>degreesOf(facts.degrees,place))))}))}
function networkOf(id,{body,networks},at){var _a,_b;const key=`${id} ${at}`;const bytes=(_a=bodies.get(id))!=null?_a:bytesOf(
body);bodies.set(id,bytes);const from=networks.slice(0,at).reduce((sum,one)=>sum+one.bytes,0);const found=(_b=opened.get(
key))!=null?_b:inflated(bytes.subarray(from,from+networks[at].bytes)).then(numbers=>streetsOf(numbersIn(new Uint8Array(numbers)),
networks[at].step));opened.set(key,found);return found}function areaSaid(area2,{times:times4,digits,small,sign}){const shown=area2*
times4;const kept=shown<SMALL?small:digits;const said2=new Intl.NumberFormat("en",{minimumFractionDigits:kept,maximumFractionDigits:kept});
return said2.format(shown)+sign}var OFF=["boolean",["feature-state","off"],false];var CHOSEN=["boolean",["feature-state","chosen"],false];var MARKED="#1\
11111";var PLAIN="#333333";var LINES=["line","line-2","line-3","line-4","line-5","line-6"];var MANY_NAMES=200;function byCategory(layer,value){
const values=layer.categories.map(({look},at)=>value(look,at));const last2=values[values.length-1];if(values.every(one=>one===
last2)){return last2}return["match",["get","v"],...values.slice(0,-1).flatMap((one,at)=>[at,one]),last2]}function times2(value,strength){
return Array.isArray(value)?["*",value,strength]:value*strength}function unlessOff(value){return["case",OFF,0,value]}function whenChosen(marked,value){
return["case",CHOSEN,marked,value]}function fillOf(look){return look.fill&&look.fill!=="none"?look.fill:null}function paintsOf(layer){
const{strength}=layer;const stroke=byCategory(layer,look=>look.stroke||fillOf(look)||PLAIN);const solid=byCategory(layer,
look=>{var _a;return fillOf(look)?(_a=look.fill_opacity)!=null?_a:1:0});const seen=unlessOff(strength);const line={"line\
-color":whenChosen(MARKED,stroke),"line-width":whenChosen(4,byCategory(layer,look=>look.weight||0)),"line-opacity":seen};
return{fill:{"fill-color":byCategory(layer,look=>fillOf(look)||"rgba(0,0,0,0)"),"fill-opacity":unlessOff(times2(solid,strength)),
"fill-antialias":false},hatch:{"fill-pattern":byCategory(layer,(look,at)=>look.hatch?`hatch|${layer.id}|${at}`:""),"fill\
-opacity":seen},...Object.fromEntries(linesOf2(layer).map(({kind,dash})=>[kind,{...line,...dash}])),dot:dotPaint(layer,stroke,
seen),picture:{"raster-opacity":strength},names:{"icon-opacity":seen},ranks:{"icon-opacity":seen}}}function dotPaint(layer,stroke,seen){
const radius=byCategory(layer,look=>look.size||2);const ring=byCategory(layer,look=>look.ring||0);return{"circle-color":byCategory(
layer,look=>fillOf(look)||look.stroke||PLAIN),"circle-radius":grown2(layer.least_zoom,part2=>whenChosen(7,times2(radius,
part2))),"circle-opacity":seen,"circle-stroke-color":whenChosen(MARKED,stroke),"circle-stroke-width":whenChosen(2.5,ring),
"circle-stroke-opacity":seen}}function grown2(least,radius){return least?["interpolate",["linear"],["zoom"],least,radius(
.6),least+2.5,radius(1.3)]:radius(1)}function filtersOf(layer){const{categories,hidden}=layer;const shown=[...categories.
keys()].filter(at=>!hidden.has(at));const wanted2=shown.length===categories.length?true:isOneOf(shown);const land=["==",
["geometry-type"],"Polygon"];const point=["==",["geometry-type"],"Point"];return{fill:["all",land,wanted2],hatch:["all",
land,isOneOf(shown.filter(at=>categories[at].look.hatch))],...Object.fromEntries(linesOf2(layer).map(({kind,of})=>[kind,
["all",["!=",["geometry-type"],"Point"],of.length===categories.length?wanted2:isOneOf(both(of,shown))]])),dot:["all",point,
[">",["get","z"],["zoom"]],wanted2],names:wanted2,ranks:wanted2}}function both(some,others){return some.filter(one=>others.
includes(one))}function isOneOf(categories){return["in",["get","v"],["literal",categories]]}function judged(layer){return layer.
categories.some(category=>category.outcome)}function partsOf2(layer){const paints=paintsOf(layer);if(layer.shape.kind===
"picture"){return[{id:`${layer.id}|picture`,type:"raster",source:layer.id,paint:paints.picture}]}const filters=filtersOf(
layer);const tiled2=layer.shape.kind==="tiles";const part2=(kind,type,more={})=>({id:`${layer.id}|${kind}`,type,source:layer.
id,...tiled2?{"source-layer":kind==="dot"?"o":"a"}:{},filter:filters[kind],paint:paints[kind],minzoom:layer.least_zoom,...more});
const hatched2=layer.categories.some(({look:look2})=>look2.hatch);const worstOnTop=judged(layer)?{layout:{"circle-sort-k\
ey":["-",0,["get","v"]]}}:{};const fill=part2("fill","fill");const lines=linesOf2(layer).map(({kind})=>part2(kind,"line",
{layout:{"line-join":"round"}}));const dot=part2("dot","circle",worstOnTop);const{look}=layer.categories[0];if(look.point||
look.line){return look.point?[dot]:lines}return[fill,...hatched2?[part2("hatch","fill",{minzoom:10})]:[],...lines,dot]}function linesOf2({
categories}){var _a;const ways=new Map;for(const[at,{look}]of categories.entries()){const way=look.dash?dashOf(look).join(
" "):"";ways.set(way,[...(_a=ways.get(way))!=null?_a:[],at])}return[...ways.values()].map((of,at)=>{const{look}=categories[of[0]];
return{kind:LINES[at],of,dash:look.dash?{"line-dasharray":dashOf(look)}:{}}})}function dashOf({dash="",weight}){return dash.
split(" ").map(length2=>Number(length2)/Math.max(1,weight||1))}function namesPart(layer){return{id:`${layer.id}|names`,type:"\
symbol",source:`${layer.id}|names`,filter:filtersOf(layer).names,paint:paintsOf(layer).names,minzoom:layer.facts.size>MANY_NAMES?
13:0,layout:{"icon-image":["concat",`name|${layer.id}|`,["to-string",["get","i"]]],"icon-padding":3,...judged(layer)?{"i\
con-anchor":"top","icon-offset":[0,5]}:{},"symbol-sort-key":["get","i"]}}}function namesSource({facts,categories}){var _a;
const rows=[];for(let row=0;row<facts.size;row+=1){if(((_a=categories[facts.category[row]])==null?void 0:_a.named)&&facts.
name(row)){rows.push(row)}}return pointsOf(facts,rows)}function ranksPart(layer){return{id:`${layer.id}|ranks`,type:"sym\
bol",source:`${layer.id}|ranks`,filter:filtersOf(layer).ranks,paint:paintsOf(layer).ranks,layout:{"icon-image":["concat",
`rank|${layer.id}|`,["to-string",["get","i"]]],"icon-padding":-3,"symbol-sort-key":["get","i"]}}}function ranksSource({facts}){
const rows=[...facts.category.keys()].filter(row=>{var _a;return((_a=facts.ranks)==null?void 0:_a[row])&&facts.category[row]>=
0});return pointsOf(facts,rows)}function pointsOf(facts,rows){const features=rows.map(row=>({type:"Feature",properties:{
i:row,v:facts.category[row]},geometry:{type:"Point",coordinates:[facts.lon[row],facts.lat[row]]}}));return{type:"geojson",
data:{type:"FeatureCollection",features},promoteId:"i"}}var NEAR=4;var ROOM=10;var WAITING="…";var QUIET=["pass","info"];function cardWithoutMap(page){const place=byId("chose\
n",HTMLElement);function show([feature]){page.choose(feature);page.speak(feature);place.replaceChildren(contentOf(feature,
page));page.open(true)}return{show,close:()=>place.replaceChildren()}}function cardOf(page){const{map}=page;let popup=null;
function show(found,place){close();page.choose(found[0]);page.speak(found[0]);popup=opened2(page,place);turnTo(found,0);
keepInside(map,popup);popup.on("close",()=>{popup=null;page.choose(null)})}function turnTo(found,at){const box=contentOf(
found[at],page);const steps=element("p","steps");if(found.length>1){const turn2=way=>{const to=(at+way+found.length)%found.
length;turnTo(found,to);page.choose(found[to])};steps.append(named(button("‹",()=>turn2(-1)),page.words.before),element(
"span","",`${at+1}/${found.length}`),named(button("›",()=>turn2(1)),page.words.after))}steps.append(button(page.words.
nearer,()=>page.fly(found[at])));box.append(steps);popup.setDOMContent(box);nameClosing(popup,page.words.close)}function close(){
popup==null?void 0:popup.remove()}map.on("click",event=>{if(page.busy()){return}const found=foundAt(event.point,page);if(found.
length){show(found,event.lngLat)}else{close()}page.open(false)});document.addEventListener("keydown",event=>{if(event.key===
"Escape"&&!page.busy()){close()}});return{show,close}}function named(made,name){made.setAttribute("aria-label",name);return made}
function opened2({map},place){return new maplibregl.Popup({closeButton:true,closeOnClick:false,maxWidth:"none",focusAfterOpen:false,
locale:{}}).setLngLat(place).setDOMContent(element("div")).addTo(map)}function nameClosing(popup,name){const closing=popup.
getElement().querySelector(".maplibregl-popup-close-button");closing.title=name;closing.setAttribute("aria-label",name)}
function keepInside(map,popup){const own=popup.getElement().getBoundingClientRect();const frame=map.getContainer().getBoundingClientRect();
const x=Math.min(0,own.left-frame.left-ROOM)||Math.max(0,own.right-frame.right+ROOM);const y=Math.min(0,own.top-frame.top-
ROOM)||Math.max(0,own.bottom-frame.bottom+ROOM);if(x||y){map.panBy([x,y],{animate:false})}}function foundAt({x,y},page){
const there=page.mapAt(x);const layers=page.layers.filter(layer=>layer.tabled).flatMap(layer=>["ranks","fill",...LINES,"\
dot"].map(kind=>`${layer.id}|${kind}`)).filter(id=>there.getLayer(id));const low=[x-NEAR,y-NEAR];const high=[x+NEAR,y+NEAR];
const hit=there.queryRenderedFeatures([x,y],{layers});const drawn2=hit.length?hit:there.queryRenderedFeatures([low,high],
{layers});const found=new Map;for(const{source,properties}of drawn2){const layer=page.layers.find(({id})=>source===id||source===
`${id}|ranks`);const key=`${layer==null?void 0:layer.id}.${properties.i}`;if(layer&&page.seen(layer,properties.i)&&!found.
has(key)){found.set(key,[layer,properties.i])}}return[...found.values()]}function contentOf([layer,row],page){const{words}=page;
const category=layer.categories[layer.facts.category[row]];const box=element("div","popup");box.append(element("h3","",layer.
facts.name(row)||words.unnamed),element("p","kind",layer.title+(layer.rules.length===1?` · ${layer.rules[0]}`:"")));if(category.
outcome){box.append(page.verdict(category.outcome,category.title))}else if(category.title!==layer.title){box.append(element(
"p","",category.title))}opinions(box,[layer,row],page);conflicts(box,[layer,row],page);const table=factsTable([layer,row],
page);box.append(table);reached(table,[layer,row],page);return box}function factsTable([{facts},row],{words,ruleTitle}){
const rows=facts.columns.slice(1).map(column=>[column.title,column.get(row)]);if(facts.rule){rows.push([words.rule,ruleTitle(
facts.rule.get(row))])}if(facts.town){rows.push([words.town,facts.town.get(row)])}const table=element("table");const body=element(
"tbody");body.append(...rows.filter(([,one])=>one).map(([title,value])=>factLine(title,value)));table.append(body);return table}
function factLine(title,value){const line=element("tr");const head=element("th","",title);head.scope="row";line.append(head,
element("td","",value));return line}function reached(table,[layer,row],{layers,view}){for(const{id,of,shape,categories}of layers){
if(of===layer.id&&shape.kind==="reached"){const lines=categories.map(({title})=>factLine(title,WAITING));table.tBodies[0].
append(...lines);areasOf(id,shape,row,view==null?void 0:view.id).then(areas=>{lines.forEach((line,at)=>{if(at<areas.length){
line.cells[1].textContent=areaSaid(areas[at].area,shape.unit)}else{line.remove()}})})}}}function conflicts(box,[layer,row],page){
var _a;for(const other of page.layers.filter(one=>one.of===layer.id&&one.tabled)){const list=element("ul");(_a=other.facts.
owner)==null?void 0:_a.forEach((owner,at)=>{if(owner===row){list.append(conflict([other,at],page))}});if(list.children.length){
box.append(element("h4","",`${other.title} (${list.children.length})`),list)}}}function conflict([layer,row],page){const item=element(
"li");const told=layer.facts.columns.slice(1,4).map(column=>column.get(row));item.append(button(told.filter(Boolean).join(
" · "),()=>page.fly([layer,row])));const{outcome,title}=layer.categories[layer.facts.category[row]];if(outcome){item.append(
page.verdict(outcome,title))}return item}function opinions(box,[layer,row],page){var _a;const told=(_a=layer.facts.opinions)==
null?void 0:_a[row];if(!(told==null?void 0:told.length)){return}const loud=told.filter(([,outcome,,decided])=>decided||!QUIET.
includes(outcome));const quiet=told.filter(one=>!loud.includes(one));box.append(element("h4","",page.words.opinions),opinionList(
loud.length?loud:quiet,page));if(loud.length&&quiet.length){const folded=element("details");const head=element("summary",
"",page.words.other_opinions.replace("{count}",counted(quiet.length)));folded.append(head,opinionList(quiet,page));box.append(
folded)}}function opinionList(told,page){const list=element("ul","opinions");for(const[title,outcome,sentences,decided]of told){
const item=element("li");item.append(element("b","",title),page.verdict(outcome,decided));item.append(...sentences.split(
"\n").map(sentence=>element("div","",sentence)));list.append(item)}return list}var BETWEEN="";var PLACES=1e5;var QUARTERS=4;function tablesOf({tables,columns,lists}){return tables.map(table=>({...table,
columns:table.columns.map(at=>columns[at]),category:lists[table.category],at:lists[table.at],zoom:lists[table.zoom]}))}function factsOf(table,lang,form=null){
var _a,_b,_c,_d;const own=(_a=table.forms)==null?void 0:_a[form!=null?form:-1];const{category}=own!=null?own:table;const size=category.
length;const told=own?own.told.map(at=>table.columns[at]):table.columns;const columns=told.map(written2=>columnOf(written2,
size,lang));const collator=new Intl.Collator(lang,{numeric:true});return{size,columns,category:Int16Array.from(category),
...placesOf(table),holding:words=>holding(columns,words.toLowerCase(),size),sorted:(rows,value,down)=>sorted2(rows,value,
down,collator),flown:row=>table.zoom[row]/QUARTERS,rule:table.rule?listed(table.rule):null,town:table.town?listed(table.
town):null,ranks:(_b=table.ranks)!=null?_b:null,owner:table.owner?Int32Array.from(table.owner):null,opinions:(_c=table.opinions)!=
null?_c:null,topics:table.topics?askedIn(table.topics):null,anchors:(_d=table.anchors)!=null?_d:null,name:row=>columns.length?
columns[0].get(row):null}}function askedIn({list,numbers}){return keys=>{const wanted2=keys.map(key=>list.indexOf(key));
return row=>wanted2.every(one=>numbers[row].includes(one))}}function placesOf(table){const size=table.category.length;const lon=new Float64Array(
size);const lat=new Float64Array(size);let x=0;let y=0;for(let row=0;row<size;row+=1){x+=table.at[2*row];y+=table.at[2*row+
1];lon[row]=x/PLACES;lat[row]=y/PLACES}return{lon,lat}}function columnOf(written2,size,lang){const column=filledColumn(written2,
size,lang);const{absent}=written2;return absent?{...column,get:row=>{var _a;return(_a=column.get(row))!=null?_a:absent}}:
column}function filledColumn(written2,size,lang){if("digits"in written2){const numbers="steps"in written2?summed2(written2.
steps):written2.numbers;return numberColumn({...written2,numbers})}if("several"in written2){return severalColumn(written2,
lang.startsWith("zh")?"、":", ")}const texts="list"in written2?listed(written2):running(written2.text,size);return{title:written2.
title,number:false,value:texts.get,...texts}}function summed2(steps){let sum=0;return steps.map(step=>{sum+=step!=null?step:
0;return step===null?null:sum})}function numberColumn({title,digits,numbers}){const said2=new Intl.NumberFormat("en",{minimumFractionDigits:digits,
maximumFractionDigits:digits});const get=row=>{const value=numbers[row];return value===null?null:said2.format(value)};return{
title,number:true,value:row=>numbers[row],get,mark:(wanted2,hit)=>{if(/^[\d.,-]+$/.test(wanted2)){const start2=wanted2.replaceAll(
",","");markRows(hit,row=>{var _a;return((_a=get(row))!=null?_a:"").replaceAll(",","").startsWith(start2)})}}}}function severalColumn({
title,list,numbers},comma){return{title,number:false,value:row=>numbers[row].length,get:row=>numbers[row].map(one=>list[one]).
join(comma)||null,mark:(wanted2,hit)=>{const good=list.map(text=>text.toLowerCase().includes(wanted2));markRows(hit,row=>numbers[row].
some(one=>good[one]))}}}function listed({list,numbers:given2}){const numbers=Int32Array.from(given2);return{get:row=>numbers[row]<
0?null:list[numbers[row]],mark:(wanted2,hit)=>{const good=list.map(text=>text.toLowerCase().includes(wanted2));if(good.includes(
true)){markRows(hit,row=>numbers[row]>=0&&good[numbers[row]])}}}}function running(text,size){const starts=startsOf(text,
size);const get=row=>text.slice(starts[row],starts[row+1]-1)||null;return{get,mark:(wanted2,hit)=>{const small=text.toLowerCase();
if(small.length!==text.length){markRows(hit,row2=>{var _a;return((_a=get(row2))!=null?_a:"").toLowerCase().includes(wanted2)});
return}let row=0;for(let at=small.indexOf(wanted2);at>=0;at=small.indexOf(wanted2,starts[row+1])){while(starts[row+1]<=at){
row+=1}if(at+wanted2.length<starts[row+1]){hit[row]=1}}}}}function startsOf(text,size){const starts=new Uint32Array(size+
1);let from=0;for(let row=0;row<size;row+=1){starts[row]=from;const end=text.indexOf(BETWEEN,from);from=(end<0?text.length:
end)+1}starts[size]=from;return starts}function markRows(hit,holds2){for(let row=0;row<hit.length;row+=1){if(holds2(row)){
hit[row]=1}}}function holding(columns,wanted2,size){const hit=new Uint8Array(size);for(const column of columns){column.mark(
wanted2,hit)}return hit}function sorted2(rows,value,down,collator){const turn2=down?-1:1;const keyed=rows.map(row=>{var _a;
return{row,key:(_a=value(row))!=null?_a:null}});keyed.sort((one,other)=>{if(one.key===other.key){return one.row-other.row}
if(one.key===null||other.key===null){return one.key===null?1:-1}return turn2*compared(one.key,other.key,collator)||one.row-
other.row});return keyed.map(({row})=>row)}function compared(one,other,collator){if(typeof one==="number"&&typeof other===
"number"){return one-other}return collator.compare(String(one),String(other))}function formIn({forms,form_of,table,categories,picture},view){var _a;const form=view===null?null:(_a=form_of[view])!=null?
_a:null;const own=form===null?{categories,picture}:{picture:void 0,...forms[form]};return{form,...own,facts:factsOf(table,
document.documentElement.lang,form)}}function layerOf(head,table,view){const form=formIn({...head,table},view);return{...head,
table,...form,on:head.shown,strength:1,hidden:new Set,mask:null,chosen:null,left:form.facts.size,counted:form.categories.
map(({count})=>count)}}function changed(layer,view){var _a;if(((_a=layer.form_of[view])!=null?_a:layer.form)===layer.form){
return false}Object.assign(layer,formIn(layer,view));return true}function viewHaving({form_of,table},row){const found=Object.
entries(form_of).find(([,form])=>{var _a,_b;return((_b=(_a=table.forms)==null?void 0:_a[form].category[row])!=null?_b:-1)>=
0});return found==null?void 0:found[0]}function decompressSync(){throw new Error("this browser cannot inflate")}function toNum(low,high){return(high>>>0)*4294967296+(low>>>0)}function readVarintRemainder(l,p){const buf=p.buf;let b=buf[p.
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
return null}var FileSource=class{constructor(file){__publicField(this,"file");this.file=file}getKey(){return this.file.name}async getBytes(offset,length2){
const blob=this.file.slice(offset,offset+length2);const a=await blob.arrayBuffer();return{data:a}}};var FetchSource=class{constructor(url,customHeaders=new Headers,credentials=void 0){
__publicField(this,"url");__publicField(this,"customHeaders");__publicField(this,"credentials");__publicField(this,"must\
Reload");__publicField(this,"chromeWindowsNoCache");var _a,_b;this.url=url;this.customHeaders=customHeaders;this.credentials=
credentials;this.mustReload=false;let userAgent="";if("navigator"in globalThis){userAgent=(_b=(_a=globalThis.navigator)==
null?void 0:_a.userAgent)!=null?_b:""}const isWindows=userAgent.indexOf("Windows")>-1;const isChromiumBased=/Chrome|Chromium|Edg|OPR|Brave/.
test(userAgent);this.chromeWindowsNoCache=false;if(isWindows&&isChromiumBased){this.chromeWindowsNoCache=true}}getKey(){
return this.url}setHeaders(customHeaders){this.customHeaders=customHeaders}async getBytes(offset,length2,passedSignal,etag){
let controller;let signal;if(passedSignal){signal=passedSignal}else{controller=new AbortController;signal=controller.signal}
const requestHeaders=new Headers(this.customHeaders);requestHeaders.set("range",`bytes=${offset}-${offset+length2-1}`);let cache;
if(this.mustReload){cache="reload"}else if(this.chromeWindowsNoCache){cache="no-store"}let resp=await fetch(this.url,{signal,
cache,headers:requestHeaders,credentials:this.credentials});if(offset===0&&resp.status===416){const contentRange=resp.headers.
get("Content-Range");if(!contentRange||!contentRange.startsWith("bytes */")){throw new Error("Missing content-length on \
416 response")}const actualLength=+contentRange.substr(8);requestHeaders.set("range",`bytes=0-${actualLength-1}`);resp=await fetch(
this.url,{signal,cache:"reload",headers:requestHeaders,credentials:this.credentials})}let newEtag=resp.headers.get("Etag");
if(newEtag==null?void 0:newEtag.startsWith("W/")){newEtag=null}if(resp.status===416||etag&&newEtag&&newEtag!==etag){this.
mustReload=true;throw new EtagMismatch(`Server returned non-matching ETag ${etag} after one retry. Check browser extensi\
ons and servers for issues that may affect correct ETag headers.`)}if(resp.status>=300){throw new Error(`Bad response co\
de: ${resp.status}`)}const contentLength=resp.headers.get("Content-Length");if(resp.status===200&&(!contentLength||+contentLength>
length2)){if(controller)controller.abort();throw new Error("Server returned no content-length header or content-length e\
xceeding request. Check that your storage backend supports HTTP Byte Serving.")}const a=await resp.arrayBuffer();return{
data:a,etag:newEtag||void 0,cacheControl:resp.headers.get("Cache-Control")||void 0,expires:resp.headers.get("Expires")||
void 0}}};function getUint64(v,offset){const wh=v.getUint32(offset+4,true);const wl=v.getUint32(offset+0,true);return wh*
2**32+wl}function bytesToHeader(bytes,etag){const v=new DataView(bytes);const specVersion=v.getUint8(7);if(specVersion>3){
throw new Error(`Archive is spec version ${specVersion} but this library supports up to spec version 3`)}return{specVersion,
rootDirectoryOffset:getUint64(v,8),rootDirectoryLength:getUint64(v,16),jsonMetadataOffset:getUint64(v,24),jsonMetadataLength:getUint64(
v,32),leafDirectoryOffset:getUint64(v,40),leafDirectoryLength:getUint64(v,48),tileDataOffset:getUint64(v,56),tileDataLength:getUint64(
v,64),numAddressedTiles:getUint64(v,72),numTileEntries:getUint64(v,80),numTileContents:getUint64(v,88),clustered:v.getUint8(
96)===1,internalCompression:v.getUint8(97),tileCompression:v.getUint8(98),tileType:v.getUint8(99),minZoom:v.getUint8(100),
maxZoom:v.getUint8(101),minLon:v.getInt32(102,true)/1e7,minLat:v.getInt32(106,true)/1e7,maxLon:v.getInt32(110,true)/1e7,
maxLat:v.getInt32(114,true)/1e7,centerZoom:v.getUint8(118),centerLon:v.getInt32(119,true)/1e7,centerLat:v.getInt32(123,true)/
1e7,etag}}function deserializeIndex(buffer){const p={buf:new Uint8Array(buffer),pos:0};const numEntries=readVarint(p);const entries=[];
let lastId=0;for(let i=0;i<numEntries;i++){const v=readVarint(p);entries.push({tileId:lastId+v,offset:0,length:0,runLength:1});
lastId+=v}for(let i=0;i<numEntries;i++){entries[i].runLength=readVarint(p)}for(let i=0;i<numEntries;i++){entries[i].length=
readVarint(p)}for(let i=0;i<numEntries;i++){const v=readVarint(p);if(v===0&&i>0){entries[i].offset=entries[i-1].offset+entries[i-
1].length}else{entries[i].offset=v-1}}return entries}var EtagMismatch=class extends Error{};async function getHeaderAndRoot(source,decompress){
const resp=await source.getBytes(0,16384);const v=new DataView(resp.data);if(v.getUint16(0,true)!==19792){throw new Error(
"Wrong magic number for PMTiles archive")}const headerData=resp.data.slice(0,HEADER_SIZE_BYTES);const header=bytesToHeader(
headerData,resp.etag);const rootDirData=resp.data.slice(header.rootDirectoryOffset,header.rootDirectoryOffset+header.rootDirectoryLength);
const dirKey=`${source.getKey()}|${header.etag||""}|${header.rootDirectoryOffset}|${header.rootDirectoryLength}`;const rootDir=deserializeIndex(
await decompress(rootDirData,header.internalCompression));return[header,[dirKey,rootDir.length,rootDir]]}async function getDirectory(source,decompress,offset,length2,header,signal){
const resp=await source.getBytes(offset,length2,signal,header.etag);const data=await decompress(resp.data,header.internalCompression);
const directory=deserializeIndex(data);if(directory.length===0){throw new Error("Empty directory is invalid")}return directory}var SharedPromiseCache=class{constructor(maxCacheEntries=100,prefetch=true,decompress=defaultDecompress){__publicField(this,
"cache");__publicField(this,"invalidations");__publicField(this,"pendingFetches");__publicField(this,"maxCacheEntries");
__publicField(this,"counter");__publicField(this,"decompress");this.cache=new Map;this.invalidations=new Map;this.pendingFetches=
new Map;this.maxCacheEntries=maxCacheEntries;this.counter=1;this.decompress=decompress}async getHeader(source){const cacheKey=source.
getKey();const cacheValue=this.cache.get(cacheKey);if(cacheValue){cacheValue.lastUsed=this.counter++;const data=await cacheValue.
data;return data}const p=new Promise((resolve,reject)=>{getHeaderAndRoot(source,this.decompress).then(res=>{if(res[1]){this.
cache.set(res[1][0],{lastUsed:this.counter++,data:Promise.resolve(res[1][2])})}resolve(res[0]);this.prune()}).catch(e=>{
reject(e)})});this.cache.set(cacheKey,{lastUsed:this.counter++,data:p});return p}trackSignal(cacheKey,pending,signal){pending.
refs++;signal.addEventListener("abort",()=>{if(--pending.refs<=0&&this.pendingFetches.get(cacheKey)===pending){pending.controller.
abort();this.cache.delete(cacheKey);this.pendingFetches.delete(cacheKey)}},{once:true})}async getDirectory(source,offset,length2,header,signal){
const cacheKey=`${source.getKey()}|${header.etag||""}|${offset}|${length2}`;const cacheValue=this.cache.get(cacheKey);if(cacheValue){
cacheValue.lastUsed=this.counter++;const pending2=this.pendingFetches.get(cacheKey);if(pending2){this.trackSignal(cacheKey,
pending2,signal!=null?signal:new AbortController().signal)}const data=await cacheValue.data;return data}const ac=new AbortController;
const pending={controller:ac,refs:0};this.trackSignal(cacheKey,pending,signal!=null?signal:new AbortController().signal);
this.pendingFetches.set(cacheKey,pending);const p=new Promise((resolve,reject)=>{getDirectory(source,this.decompress,offset,
length2,header,ac.signal).then(directory=>{this.pendingFetches.delete(cacheKey);resolve(directory);this.prune()}).catch(
e=>{reject(e)})});this.cache.set(cacheKey,{lastUsed:this.counter++,data:p});return p}prune(){if(this.cache.size>=this.maxCacheEntries){
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
x,y))==null?void 0:_a.data}}}var TOKEN=/^[0-9a-zA-Z]{8,64}$/;var OWN="ground|";var DEEPEST=18;var NOTHING="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFc\
SJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";function groundOf(page){var _a,_b;const{words,data}=page;const select2=byId(
"base",HTMLSelectElement);const note=byId("base-note",HTMLElement);const token=byId("token",HTMLInputElement);const files=byId(
"base-files",HTMLInputElement);const turned=byId("tms",HTMLInputElement);const opacity=byId("base-opacity",HTMLInputElement);
const picked=pickedTiles();let last2=[[],{}];token.value=(_b=(_a=document.querySelector('meta[name="tianditu"]'))==null?
void 0:_a.getAttribute("content"))!=null?_b:"";function say(text,warning=false){note.textContent=text;note.classList.toggle(
"warning",warning)}function lay(urls,facts={}){last2=[urls,facts];page.shares().forEach(({map})=>layOn(map,urls,facts,opacity.
valueAsNumber/100));byId("base-strength",HTMLElement).hidden=!urls.length}function chosen(){return data.grounds.find(({id})=>id===
select2.value)}function choose2(){var _a2;const ground=chosen();const folder=(ground==null?void 0:ground.pick)==="folder";
byId("base-ask",HTMLElement).hidden=!(ground==null?void 0:ground.token);byId("base-file",HTMLElement).hidden=!(ground==null?
void 0:ground.pick);byId("base-turned",HTMLElement).hidden=!folder;files.webkitdirectory=folder;files.accept=(ground==null?
void 0:ground.pick)==="archive"?".pmtiles":"";say((_a2=ground==null?void 0:ground.note)!=null?_a2:"",ground==null?void 0:
ground.warning);if(!ground||ground.pick){lay([])}else if(ground.token&&!TOKEN.test(token.value.trim())){lay([]);say(words.
token_wanted)}else{lay(addresses(ground,token.value.trim()),ground)}}async function pick(){var _a2,_b2;const kind=(_a2=chosen())==
null?void 0:_a2.pick;if(!((_b2=files.files)==null?void 0:_b2.length)){return}if(kind==="archive"){await pickArchive(files.
files[0])}else if(kind==="folder"){pickFolder(Array.from(files.files))}}async function pickArchive(file){let archive;try{
archive=await archiveOf(file)}catch(e){say(words.no_pmtiles,true);return}if(!archive.raster){say(words.no_raster,true);return}
lay(picked.fromArchive(archive),archive);say(words.offset)}function pickFolder(list){const tiles=tilesOf(list,turned.checked);
if(!tiles.size){say(words.no_tiles,true);return}const zooms=Array.from(tiles.keys(),place=>Number(place.split("/")[0]));
lay(picked.fromFolder(tiles),{least:Math.min(...new Set(zooms)),deepest:Math.max(...new Set(zooms))});say(`${words.tiles_found.
replace("{count}",counted(tiles.size))} ${words.offset}`)}function fade(){for(const{map}of page.shares()){ownLayers(map).
forEach(id=>map.setPaintProperty(id,"raster-opacity",opacity.valueAsNumber/100))}}function failed(){const ground=chosen();
if(ground&&!ground.pick){say([ground.warning?ground.note:"",words.unreachable].filter(Boolean).join(" "),true)}}select2.
append(option("",words.blank),...data.grounds.map(({id,title})=>option(id,title)));select2.addEventListener("change",choose2);
token.addEventListener("change",choose2);opacity.addEventListener("input",fade);files.addEventListener("change",pick);turned.
addEventListener("change",pick);return{laid:()=>lay(...last2),failed}}function addresses({urls},token){return urls.map(tiles=>tiles.
map(url=>url.replace("{token}",encodeURIComponent(token))))}function ownLayers(map){const layers=map.getStyle().layers;return layers.
map(({id})=>id).filter(id=>id.startsWith(OWN))}function layOn(map,urls,{attribution="",least=0,deepest=DEEPEST},opacity){
var _a;for(const id of ownLayers(map)){map.removeLayer(id);map.removeSource(id)}const layers=map.getStyle().layers;const lowest2=(_a=
layers.find(({id})=>id!=="paper"))==null?void 0:_a.id;urls.forEach((tiles,at)=>{const id=`${OWN}${at}`;map.addSource(id,
{type:"raster",tiles,tileSize:256,attribution,minzoom:least,maxzoom:deepest});const paint={"raster-opacity":opacity,"ras\
ter-fade-duration":0};map.addLayer({id,type:"raster",source:id,paint},lowest2)})}function pickedTiles(){let folder=new Map;
let archive=null;const nothing=Uint8Array.from(atob(NOTHING),letter=>letter.charCodeAt(0)).buffer;maplibregl.addProtocol(
"folder",async({url})=>{const file=folder.get(placeOf(url));return{data:file?await file.arrayBuffer():nothing.slice(0)}});
maplibregl.addProtocol("archive",async({url})=>{var _a;const[zoom,column,row]=placeOf(url).split("/").map(Number);return{
data:(_a=await(archive==null?void 0:archive.tile(zoom,column,row)))!=null?_a:nothing.slice(0)}});return{fromFolder:tiles=>{
folder=tiles;return[[`folder://${Date.now()}/{z}/{x}/{y}`]]},fromArchive:opened4=>{archive=opened4;return[[`archive://${Date.
now()}/{z}/{x}/{y}`]]}}}function placeOf(url){return url.replace(/^\w+:\/\/\d+\//,"")}function tilesOf(files,turned){const tiles=new Map;
for(const file of files){const found=/(\d+)\/(\d+)\/(\d+)\.(png|jpe?g|webp)$/i.exec(file.webkitRelativePath);if(found){const[
zoom,column,row]=found.slice(1,4).map(Number);tiles.set(`${zoom}/${column}/${turned?2**zoom-1-row:row}`,file)}}return tiles}var MOST_ZOOM=22;var PADDING=24;var UNSEEN=.25;function emptyMap(options){return new maplibregl.Map({style:{version:8,sources:{},
layers:[{id:"paper",type:"background",paint:{"background-color":"#f3efe6"}}]},maxZoom:MOST_ZOOM,attributionControl:false,
dragRotate:false,pitchWithRotate:false,fadeDuration:0,...options})}async function firstMap({bounds,least,alt}){let map;try{
map=emptyMap({container:"map",bounds,fitBoundsOptions:{padding:PADDING},minZoom:Math.max(0,least-.999),touchPitch:false,
pixelRatio:location.hash.length>1?void 0:UNSEEN,locale:{"Map.Title":alt}})}catch(e){return null}map.touchZoomRotate.disableRotation();
map.keyboard.disableRotation();map.addControl(new maplibregl.AttributionControl({compact:true}),"bottom-right");map.addControl(
new maplibregl.ScaleControl({maxWidth:150,unit:"metric"}),"bottom-left");map.getCanvas().setAttribute("aria-label",alt);
await new Promise(resolve=>map.once("style.load",resolve));return map}var EDGE="#1c1a17";var WIDE=.003;var RIM=8e-4;function drawMaps(pen,{map,swipe},{left,top,width,height}){map.redraw();pen.
drawImage(map.getCanvas(),left,top,width,height);const second=(swipe==null?void 0:swipe.on())?swipe.second():null;if(!swipe||
!second){return}const middle=left+swipe.place()*width;pen.save();pen.beginPath();pen.rect(middle,top,left+width-middle,height);
pen.clip();second.map.redraw();pen.drawImage(second.map.getCanvas(),left,top,width,height);pen.restore();for(const[colour,
wide]of[[EDGE,WIDE+2*RIM],["#ffffff",WIDE]]){pen.fillStyle=colour;pen.fillRect(middle-wide*width/2,top,wide*width,height)}}var SHARP=3;var PATIENCE_MS=2e4;var WIDEST_MM=190;var HIGHEST_MM=176;var PIXELS_OF_MM=96/25.4;function paperOf(page){const{
map,words,data}=page;const stage=byId("stage",HTMLElement);const printed=byId("printed",HTMLImageElement);const told=byId(
"told",HTMLElement);let printing=false;function take(){const{width:wide,height:high}=map.getCanvas();const canvas=Object.
assign(element("canvas"),{width:wide,height:high});const pen=canvas.getContext("2d");drawMaps(pen,page,{left:0,top:0,width:wide,
height:high});const width=wide/map.getPixelRatio();const ratio=wide/high;printed.src=canvas.toDataURL();printed.alt=data.
alt;stage.style.setProperty("--ratio",String(ratio));const shrink=Math.min(WIDEST_MM,HIGHEST_MM*ratio)*PIXELS_OF_MM/width;
stage.style.setProperty("--shrink",String(shrink));byId("paper",HTMLElement).textContent=`${data.printed} · ${new Date().
toLocaleDateString("sv")}`;page.layers.filter(layer=>layer.on).forEach(page.tree.reveal)}async function print(){if(printing){
return}printing=true;told.textContent=words.printing;await enlarged(page,"paper",Math.max(SHARP,map.getPixelRatio()),async()=>{
take();await printed.decode().catch(console.warn);told.textContent="";window.print()});printing=false}function takeUnlessPrinting(){
if(!printing){take()}}window.addEventListener("beforeprint",takeUnlessPrinting);window.matchMedia("print").addEventListener(
"change",({matches})=>{if(matches){takeUnlessPrinting()}});document.addEventListener("keydown",event=>{if((event.ctrlKey||
event.metaKey)&&!event.altKey&&event.key.toLowerCase()==="p"){event.preventDefault();print()}});return{print}}async function enlarged(page,size,ratio,work){
var _a;const{map,swipe}=page;const before=map.getPixelRatio();const bounds=map.getBounds();const place=(_a=swipe==null?void 0:
swipe.place())!=null?_a:0;const ground=map.unproject([place*map.getContainer().clientWidth,0]);document.body.classList.add(
size);try{resize(page,ratio,bounds);swipe==null?void 0:swipe.moveTo(map.project(ground).x/map.getContainer().clientWidth);
await Promise.all(mapsSeen(page).map(drawn));await work()}finally{document.body.classList.remove(size);resize(page,before,
bounds);swipe==null?void 0:swipe.moveTo(place)}}function mapsSeen({map,swipe}){const second=(swipe==null?void 0:swipe.on())?
swipe.second():null;return second?[map,second.map]:[map]}function resize(page,ratio,bounds){const[first,...others]=mapsSeen(
page);first.setPixelRatio(ratio);first.resize();first.fitBounds(bounds,{animate:false});for(const other of others){other.
setPixelRatio(ratio);other.resize();other.jumpTo({center:first.getCenter(),zoom:first.getZoom()})}}function drawn(map){return new Promise(
resolve=>{const late=setTimeout(resolve,PATIENCE_MS);map.once("idle",()=>{clearTimeout(late);resolve()});map.triggerRepaint()})}var DEGREE=Math.PI/180;var A=6378137;var RF=298.257222101;var SMALL_M=2e3;var THERE=[[1/2,-2/3,5/16,41/180,-127/288,7891/
37800],[13/48,-3/5,557/1440,281/630,-1983433/1935360],[61/240,-103/140,15061/26880,167603/181440],[49561/161280,-179/168,
6601661/7257600],[34729/80640,-3418889/1995840],[212378941/319334400]];var BACK=[[1/2,-2/3,37/96,-1/360,-81/512,96199/604800],
[1/48,1/15,-437/1440,46/105,-1118711/3870720],[17/480,-37/840,-209/4480,5569/90720],[4397/161280,-11/504,-830251/7257600],
[4583/161280,-108847/3991680],[20648693/638668800]];var FEW=gauss([[1/Math.sqrt(3),1]]);var MANY=gauss([[0,128/225],[Math.
sqrt(5-2*Math.sqrt(10/7))/3,(322+13*Math.sqrt(70))/900],[Math.sqrt(5+2*Math.sqrt(10/7))/3,(322-13*Math.sqrt(70))/900]]);
function measurer(frame){const flat=frame?transverse(frame):straight();function plane(lon,lat){if(!frame){return null}const[
x,y]=flat.of(lon,lat);return[x+frame.east0,y+frame.north0]}return{rule:frame?"plane":"degrees",area:ring=>area(ring,flat),
length:line=>length(line,flat),plane,degrees:(x,y)=>frame?flat.back(x-frame.east0,y-frame.north0):null}}function area(ring,flat){
if(ring.length<3){return 0}const points=ring.map(([lon,lat])=>flat.of(lon,lat));const[west,east,south,north]=boundsOf(points);
const middle=(west+east)/2;const inner=spots(Math.max(east-west,north-south),flat);let whole=0;points.forEach((to,at)=>{
whole+=strip(points[at?at-1:points.length-1],to,middle,inner,flat)});return Math.abs(whole)}function strip([fromX,fromY],[
toX,toY],middle,inner,flat){let whole=0;for(const[along,weight]of inner){const reach=fromX-middle+along*(toX-fromX);const height=fromY+
along*(toY-fromY);for(const[across,share]of inner){const[east,north]=flat.metres(middle+across*reach,height);whole+=weight*
share*east*north*reach*(toY-fromY)}}return whole}function length(line,flat){const points=line.map(([lon,lat])=>flat.of(lon,
lat));let whole=0;points.slice(1).forEach(([toX,toY],at)=>{const[fromX,fromY]=points[at];const x=toX-fromX;const y=toY-fromY;
for(const[along,weight]of spots(Math.hypot(x,y),flat)){const[east,north]=flat.metres(fromX+along*x,fromY+along*y);whole+=
weight*Math.hypot(x*east,y*north)}});return whole}function boundsOf(points){return points.reduce(([west,east,south,north],[
x,y])=>[Math.min(west,x),Math.max(east,x),Math.min(south,y),Math.max(north,y)],[Infinity,-Infinity,Infinity,-Infinity])}
function spots(extent,flat){return extent*flat.unit<SMALL_M?FEW:MANY}function gauss(pairs){return pairs.flatMap(([at,weight])=>(at?
[-at,at]:[0]).map(one=>[(1+one)/2,weight/2]))}function straight(){const e2=(2-1/RF)/RF;return{unit:A*DEGREE,of:(lon,lat)=>[
lon,lat],metres:(_x,y)=>{const sine=Math.sin(y*DEGREE);const w2=1-e2*sine*sine;const normal=A/Math.sqrt(w2)*DEGREE;return[
normal*Math.cos(y*DEGREE),normal*(1-e2)/w2]},back:(x,y)=>[x,y]}}function transverse({lon0,lat0,k0,a,rf}){const f=1/rf;const n=f/
(2-f);const e2=f*(2-f);const radius=k0*a/(1+n)*(1+n**2/4+n**4/64+n**6/256);const there=series(THERE,n);const back=series(
BACK,n);const start2=radius*rise(lat0,e2,there);function of(lon,lat){const tangent=conformal(Math.tan(lat*DEGREE),e2);const angle=(lon-
lon0)*DEGREE;const xi=Math.atan2(tangent,Math.cos(angle));const eta=Math.asinh(Math.sin(angle)/Math.hypot(tangent,Math.cos(
angle)));let y=xi;let x=eta;there.forEach((factor,at)=>{const turn2=2*(at+1);y+=factor*Math.sin(turn2*xi)*Math.cosh(turn2*
eta);x+=factor*Math.cos(turn2*xi)*Math.sinh(turn2*eta)});return[radius*x,radius*y-start2]}function place(x,y){const{xi,eta,
stretch}=unrolled((y+start2)/radius,x/radius,back);const across=Math.sinh(eta);const up=Math.cos(xi);const wanted2=Math.
sin(xi)/Math.hypot(across,up);const angle=Math.atan2(across,up);const tangent=latitude(wanted2,e2);const bend=Math.sqrt(
1+tangent**2-e2*tangent**2);const scale=radius/a/stretch*bend/Math.hypot(wanted2,Math.cos(angle));return{angle,tangent,scale}}
return{unit:1,of,metres:(x,y)=>{const ground=1/place(x,y).scale;return[ground,ground]},back:(x,y)=>{const{angle,tangent}=place(
x,y);return[lon0+angle/DEGREE,Math.atan(tangent)/DEGREE]}}}function series(rows,n){return rows.map((row,at)=>row.reduceRight(
(sum,factor)=>(sum+factor)*n,0)*n**at)}function conformal(tangent,e2){const e=Math.sqrt(e2);const secant=Math.hypot(1,tangent);
const s=Math.sinh(e*Math.atanh(e*tangent/secant));return tangent*Math.hypot(1,s)-s*secant}function latitude(wanted2,e2){
let tangent=wanted2/(1-e2);for(let turn2=0;turn2<5;turn2+=1){const got=conformal(tangent,e2);const slope=(1-e2)*Math.hypot(
1,tangent)*Math.hypot(1,got)/(1+(1-e2)*tangent**2);const step=(wanted2-got)/slope;tangent+=step;if(Math.abs(step)<1e-9*Math.
hypot(1,tangent)){break}}return tangent}function rise(lat,e2,there){const xi=Math.atan(conformal(Math.tan(lat*DEGREE),e2));
return there.reduce((sum,factor,at)=>sum+factor*Math.sin(2*(at+1)*xi),xi)}function unrolled(north,east,back){let xi=north;
let eta=east;let real=1;let imaginary=0;back.forEach((factor,at)=>{const turn2=2*(at+1);const sine=Math.sin(turn2*north);
const cosine=Math.cos(turn2*north);const sinh=Math.sinh(turn2*east);const cosh=Math.cosh(turn2*east);xi-=factor*sine*cosh;
eta-=factor*cosine*sinh;real-=turn2*factor*cosine*cosh;imaginary+=turn2*factor*sine*sinh});return{xi,eta,stretch:Math.hypot(
real,imaginary)}}var CLOSING=12;var SAME=3;var M2_OF_HA=1e4;var MU_OF_HA=15;var FILL="#2b75b8";var LINE="#1c4f7f";var LAYERS=[part("fill",
"fill","Polygon",{"fill-color":FILL,"fill-opacity":.18}),part("line","line","LineString",{"line-color":LINE,"line-width":2.4}),
part("dot","circle","Point",{"circle-radius":5,"circle-color":"#ffffff","circle-stroke-color":LINE,"circle-stroke-width":2.4})];
function rulerOf(page){const{map,words}=page;const box=byId("measured",HTMLElement);const measure=measurer(page.data.plane);
let points=[];let on=false;let closed=false;function draw2(){if(!map.getSource("ruler")){map.addSource("ruler",{type:"ge\
ojson",data:shapes(points,closed)});LAYERS.forEach(layer=>map.addLayer(layer))}map.getSource("ruler").setData(shapes(points,
closed));box.replaceChildren(...sentences().map(lineOf));if(points.length){box.append(button(words.measure_again,clear))}}
function sentences(){if(points.length<2){return[[words.measure_start]]}const found=[[words.distance,`${said(measure.length(
outline(points,closed)),2)} m`]];if(closed){found.push([words.area,crosses(points)?words.crossing:areaSaid2(measure.area(
points))])}else if(points.length>2){found.push([words.measure_close])}found.push([measure.rule==="plane"?words.rule_plane:
words.rule_degrees]);return found}function areaSaid2(area_m2){const area_ha=area_m2/M2_OF_HA;return`${said(area_m2,2)} m\
² · ${said(area_ha,4)} ha · ${said(area_ha*MU_OF_HA,4)} ${words.mu}`}function clear(){points=[];closed=false;draw2()}
function close(){closed=true;draw2()}function toggle(wanted2){on=wanted2;box.hidden=!on;map.getCanvas().style.cursor=on?
"crosshair":"";map.doubleClickZoom[on?"disable":"enable"]();clear()}function clicked(event){if(!on){return}if(closed){clear()}
const distance=point=>{const{x,y}=map.project(point);return Math.hypot(x-event.point.x,y-event.point.y)};if(points.length>
2&&distance(points[0])<CLOSING){close();return}if(points.length>1&&distance(points[points.length-1])<SAME){return}points.
push([event.lngLat.lng,event.lngLat.lat]);draw2()}function pressed(event){if(on&&event.key==="Backspace"){points.pop();draw2()}
if(on&&event.key==="Escape"){clear()}}map.on("click",clicked);map.on("dblclick",()=>{if(on&&points.length>2&&!closed){close()}});
map.getCanvas().addEventListener("keydown",pressed);return{toggle,on:()=>on}}function part(id,type,shape,paint){return{id:`\
ruler-${id}`,type,source:"ruler",filter:["==",["geometry-type"],shape],paint}}function outline(points,closed){return closed?
[...points,points[0]]:points}function shapes(points,closed){const found=points.map(point=>["Point",point]);if(points.length>
1){found.push(["LineString",outline(points,closed)])}if(closed){found.push(["Polygon",[outline(points,closed)]])}const features=found.
map(([type,coordinates])=>({type:"Feature",properties:{},geometry:{type,coordinates}}));return{type:"FeatureCollection",
features}}function said(value,digits){return value.toLocaleString("en",{minimumFractionDigits:digits,maximumFractionDigits:digits})}
function lineOf([name,value]){if(value===void 0){return element("p","small",name)}const line=element("p","",`${name} `);
line.append(element("b","",value));return line}function crosses(points){const ring=[...points,points[0]];for(let one=0;one<
points.length;one+=1){for(let other=one+2;other<points.length;other+=1){const neighbours=one===0&&other===points.length-
1;if(!neighbours&&cut(ring[one],ring[one+1],ring[other],ring[other+1])){return true}}}return false}function cut(a,b,c,d){
return side(a,b,c)!==side(a,b,d)&&side(c,d,a)!==side(c,d,b)}function side(a,b,c){return Math.sign((b[0]-a[0])*(c[1]-a[1])-
(b[1]-a[1])*(c[0]-a[0]))}var MOST=30;var LONGEST_NAME=200;function searchIn(page){const{words}=page;const query=byId("query",HTMLInputElement);const count=byId(
"count",HTMLElement);function search(){const wanted2=query.value.trim().toLowerCase();page.hits=wanted2?new Map(page.layers.
map(layer=>[layer.id,layer.facts.holding(wanted2)])):null;const{total,best}=bestOf(page,wanted2);count.textContent=!wanted2?
"":total?`${counted(total)} ${words.search_count}`:words.search_none;byId("found",HTMLElement).replaceChildren(...best.map(
feature=>itemOf(feature,page)));page.table.refresh();return best}query.addEventListener("input",search);byId("search",HTMLFormElement).
addEventListener("submit",event=>{event.preventDefault();const[first]=search();if(first){page.fly(first)}})}function bestOf(page,wanted2){
var _a,_b;const called=[];const mentioning=[];const elsewhere=new Map;let total=0;for(const layer of page.table.tabled){
(_b=(_a=page.hits)==null?void 0:_a.get(layer.id))==null?void 0:_b.forEach((hit,row)=>{var _a2,_b2;const there=layer.facts.
category[row]>=0;if(!hit||there&&!page.seen(layer,row)){return}total+=there?1:0;if(called.length<MOST||mentioning.length<
MOST){const name=((_a2=layer.facts.name(row))!=null?_a2:"").toLowerCase();const list=name.includes(wanted2)?called:mentioning;
if(there&&list.length<MOST){list.push([layer,row])}else if(!there&&list===called&&elsewhere.size<MOST){elsewhere.set(`${layer.
id} ${name}`,(_b2=elsewhere.get(`${layer.id} ${name}`))!=null?_b2:[layer,row])}}})}const best=[...called,...elsewhere.values(),
...mentioning].slice(0,MOST);return{total:total+elsewhere.size,best}}function itemOf([layer,row],page){const item=element(
"li");const link=button(null,()=>page.fly([layer,row]));const name=layer.facts.name(row)||page.words.unnamed;link.append(
element("span","",name.slice(0,LONGEST_NAME)),element("b","",layer.title));item.append(link);return item}var STRIPE=3;var APART2=9;async function pictured(bytes,categories){var _a,_b;const image=await createImageBitmap(new Blob(
[bytes]));const{width,height}=image;const pen=new OffscreenCanvas(width,height).getContext("2d");const hatched2=categories.
filter(({look})=>look.hatch&&look.fill);if(!hatched2.length||pen===null){return image}pen.drawImage(image,0,0);const drawn2=pen.
getImageData(0,0,width,height);const pixels=new Uint32Array(drawn2.data.buffer);for(const{look}of hatched2){hatch(pixels,
width,pixelOf((_a=look.fill)!=null?_a:""),pixelOf((_b=look.stripe)!=null?_b:"#ffffff"))}return createImageBitmap(drawn2)}
function hatch(pixels,width,from,to){for(let at=0;at<pixels.length;at+=1){if(pixels[at]===from&&(at%width+Math.floor(at/
width))%APART2<STRIPE){pixels[at]=to}}}function pixelOf(colour){const[red,green,blue]=[1,3,5].map(at=>Number.parseInt(colour.
slice(at,at+2),16));return(255<<24|blue<<16|green<<8|red)>>>0}var TYPES=[["MultiPolygon",2],["MultiLineString",1],["MultiPoint",0]];var opened3=new Map;var tiled=new Map;var pictures=new Map;
function serveTiles(){maplibregl.addProtocol("held",async({url})=>{var _a;const[,id,place]=(_a=/^held:\/\/([^/]+)\/(.+)$/.
exec(url))!=null?_a:[];const held=tiled.get(id);const range=held==null?void 0:held.ranges.get(place);return{data:held&&range?
await inflated(held.bytes.subarray(...range)):new ArrayBuffer(0)}});maplibregl.addProtocol("picture",async({url})=>{const picture=await pictures.
get(url);return{data:picture?await createImageBitmap(picture):new ArrayBuffer(0)}})}async function sourceOf(layer,there,page){
const{shape}=layer;if(shape.kind==="tiles"){return tilesOf2(layer.id,shape)}if(shape.kind==="reached"){return reachedOf(
layer,shape,page)}return shape.kind==="picture"?pictureOf(layer,shape):stepsOf(layer,shape,there)}async function reachedOf({
id},shape,{selected,view}){const areas=selected?await areasOf(id,shape,selected[1],view==null?void 0:view.id):[];const features=[
...areas].reverse().map(({row,coordinates})=>({type:"Feature",id:row,properties:{i:row,v:row,z:0},geometry:{type:"MultiP\
olygon",coordinates}}));const data={type:"FeatureCollection",features};return{type:"geojson",data,promoteId:"i",maxzoom:20,
tolerance:.2}}function pictureOf({picture="",categories},{bounds:[west,south,east,north]}){const url=`picture://${picture}`;
if(!pictures.has(url)){pictures.set(url,pictured(bytesOf(picture),categories))}const corners=[[west,north],[east,north],
[east,south],[west,south]];return{type:"image",url,coordinates:corners}}function tilesOf2(id,{body,index,least,deepest}){
if(!tiled.has(id)){tiled.set(id,{ranges:rangesOf(index),bytes:bytesOf(body)})}return{type:"vector",tiles:[`held://${id}/\
{z}/{x}/{y}`],minzoom:least,maxzoom:deepest,promoteId:{a:"i",o:"i"}}}function rangesOf(index){const ranges=new Map;for(let at=0,
from=0;at<index.length;at+=4){const[zoom,column,row,length2]=index.slice(at,at+4);ranges.set(`${zoom}/${column}/${row}`,
[from,from+length2]);from+=length2}return ranges}async function stepsOf(layer,shape,there){const rows=await rowsIn(layer,
shape);const features=rows.flatMap(({zoom,parts},row)=>{if(!there(row)){return[]}const properties={i:row,v:layer.facts.category[row],
z:zoom};const geometries=geometriesOf(parts);if(layer.tabled&&parts.some(({dimension})=>dimension===2)){geometries.push(
{type:"Point",coordinates:[layer.facts.lon[row],layer.facts.lat[row]]})}return geometries.map(geometry=>({type:"Feature",
id:row,properties,geometry}))});const data={type:"FeatureCollection",features};return{type:"geojson",data,promoteId:"i",
maxzoom:20,tolerance:.2}}function rowsIn(layer,{body,scale}){const known=opened3.get(layer.id);const rows=known!=null?known:
inflated(bytesOf(body)).then(bytes=>rowsOf(new Uint8Array(bytes),layer.facts.size,scale));opened3.set(layer.id,rows);return rows}
function geometriesOf(parts){return TYPES.flatMap(([type,wanted2])=>{const own=parts.filter(({dimension})=>dimension===wanted2).
map(({lines})=>lines);if(!own.length){return[]}const coordinates=wanted2===2?own:wanted2===1?own.flat():own.flatMap(([points])=>points);
return[{type,coordinates}]})}function rowsOf(bytes,size,scale){const next=numbersIn(bytes);let x=0;let y=0;const point=()=>{
x+=next();y+=next();return[x/scale,y/scale]};const line=()=>times3(next(),point);const part2=()=>({dimension:next(),lines:times3(
next(),line)});const feature=()=>({zoom:next(),parts:times3(next(),part2)});return times3(size,feature)}function times3(count,make){
return Array.from({length:count},make)}var SHARP2={pixelRatio:2};var SIZE=16;var LONGEST_NAME2=24;var BADGE={size:50,ring:4};var LETTERS={font:26,height:40,margin:7,
halo:7};var HATCHES={stripes:[[-8,8,8,-8],[-8,24,24,-8],[8,24,24,8]],counter:[[-8,8,8,24],[-8,-8,24,24],[8,-8,24,8]],level:[
[0,4,16,4],[0,12,16,12]],grid:[[0,0,16,16],[0,16,16,0]]};function drawImages(map,page){map.on("styleimagemissing",({id})=>{
var _a,_b,_c;const[kind,layerId,number]=id.split("|");const layer=page.layers.find(one=>one.id===layerId);if(!layer||map.
hasImage(id)){return}if(kind==="name"){map.addImage(id,nameOf(layer,Number(number),page),SHARP2)}if(kind==="rank"){const{
look}=layer.categories[layer.facts.category[Number(number)]];map.addImage(id,badge((_b=(_a=layer.facts.ranks)==null?void 0:
_a[Number(number)])!=null?_b:0,look.stroke||"#9b2705"),SHARP2)}if(kind==="hatch"){const{look}=layer.categories[Number(number)];
map.addImage(id,hatched((_c=look.hatch)!=null?_c:"",look.stripe||"#ffffff"),SHARP2)}})}function nameOf(layer,row,page){var _a;
const category=layer.categories[layer.facts.category[row]];const name=(_a=layer.facts.name(row))!=null?_a:"";if(!category.
outcome){return written(name,category.look.stroke||"#2b2721")}const{code,colour}=page.data.outcomes[category.outcome];return written(
`${code} ${name}`,colour)}function hatched(kind,colour){var _a;const pen=penOf(SIZE,SIZE);pen.strokeStyle=colour;pen.lineWidth=
kind==="grid"?2:5;pen.globalAlpha=.75;pen.beginPath();for(const[fromX,fromY,toX,toY]of(_a=HATCHES[kind])!=null?_a:HATCHES.
stripes){pen.moveTo(fromX,fromY);pen.lineTo(toX,toY)}pen.stroke();return pen.getImageData(0,0,SIZE,SIZE)}function written(text,colour){
const words=text.length>LONGEST_NAME2?`${text.slice(0,LONGEST_NAME2-1)}…`:text;const font=`600 ${LETTERS.font}px ${getComputedStyle(
document.documentElement).getPropertyValue("--font")}`;const middle=LETTERS.height/2+1;const probe=penOf(1,1);probe.font=
font;const width=Math.ceil(probe.measureText(words).width)+2*LETTERS.margin;const pen=penOf(width,LETTERS.height);Object.
assign(pen,{font,textBaseline:"middle",lineJoin:"round",lineWidth:LETTERS.halo});pen.strokeStyle="rgba(255,254,250,.92)";
pen.strokeText(words,LETTERS.margin,middle);pen.fillStyle=colour;pen.fillText(words,LETTERS.margin,middle);return pen.getImageData(
0,0,width,LETTERS.height)}function badge(rank,colour){const{size,ring}=BADGE;const pen=penOf(size,size);const middle=size/
2;pen.beginPath();pen.arc(middle,middle,middle-ring,0,2*Math.PI);pen.fillStyle="#ffffff";pen.fill();pen.strokeStyle="#ff\
ffff";pen.lineWidth=2*ring;pen.stroke();pen.strokeStyle=colour;pen.lineWidth=ring;pen.stroke();const font=`700 ${LETTERS.
font-3}px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`;Object.assign(pen,{font,fillStyle:colour,
textAlign:"center",textBaseline:"middle"});pen.fillText(String(rank),middle,middle+1);return pen.getImageData(0,0,size,size)}
function penOf(width,height){const canvas=document.createElement("canvas");canvas.width=width;canvas.height=height;const pen=canvas.
getContext("2d",{willReadFrequently:true});if(pen===null){throw new Error("this browser cannot draw")}return pen}var SHAPES=["picture","fill","hatch",...LINES,"dot"];var ABOVE=["names","ranks"];var KINDS=[...SHAPES,...ABOVE];var NO_SHARE={
map:null,async show(){},hide(){},restyle(){},remake(){},mask(){},choose(){}};function shareOf2(map,page){const there=new Map;
const masked=new Set;drawImages(map,page);async function show(layer){if(there.has(layer.id)){return}const asked=Symbol(layer.
id);there.set(layer.id,asked);const rows=rowsThere(layer,page);const source=rows&&await sourceOf(layer,rows,page);if(!source||
there.get(layer.id)!==asked){return}map.addSource(layer.id,source);const above=nextAbove(map,page.layers,layer);partsOf2(
layer).forEach(part2=>map.addLayer(part2,above));if(layer.labelled){map.addSource(`${layer.id}|names`,namesSource(layer));
map.addLayer(namesPart(layer),lowest(map,"ranks"))}if(layer.ranked){map.addSource(`${layer.id}|ranks`,ranksSource(layer));
map.addLayer(ranksPart(layer))}mask(layer);choose2(layer,layer.chosen,true)}function hide(layer){there.delete(layer.id);
masked.delete(layer.id);for(const kind of kindsOn(map,layer)){map.removeLayer(`${layer.id}|${kind}`)}for(const id of[layer.
id,...pointsOn(map,layer)].filter(one=>map.getSource(one))){map.removeSource(id)}}function restyle(layer){const paints=paintsOf(
layer);const filters=filtersOf(layer);for(const kind of kindsOn(map,layer)){const id=`${layer.id}|${kind}`;if(kind in filters){
map.setFilter(id,filters[kind])}for(const[name,value]of Object.entries(paints[kind]).filter(([key])=>key.endsWith("opaci\
ty"))){map.setPaintProperty(id,name,value)}}}function remake(layer){if(there.has(layer.id)){hide(layer);show(layer)}}function mask(layer){
var _a;if(!map.getSource(layer.id)||!layer.mask&&!masked.has(layer.id)){return}const points=pointsOn(map,layer).map(source=>({
source}));for(const target of[...targetsOf(layer),...points]){map.removeFeatureState(target);(_a=layer.mask)==null?void 0:
_a.forEach((asked,row)=>{if(!asked){map.setFeatureState({...target,id:row},{off:true})}})}if(layer.mask){masked.add(layer.
id)}else{masked.delete(layer.id)}}function choose2(layer,row,on){if(row!==null&&map.getSource(layer.id)){targetsOf(layer).
forEach(target=>map.setFeatureState({...target,id:row},{chosen:on}))}}return{map,show,hide,restyle,remake,mask,choose:choose2}}
function rowsThere({facts,categories,companion,of,shape},page){var _a;if(!categories.length){return null}if(!companion){
return row=>facts.category[row]>=0}const[owner,chosen]=(_a=page.selected)!=null?_a:[];if((owner==null?void 0:owner.id)!==
of){return null}return row=>{var _a2;return shape.kind==="reached"||((_a2=facts.owner)==null?void 0:_a2[row])===chosen}}
function nextAbove(map,layers,layer){const higher=layers.slice(0,layers.indexOf(layer)).reverse();const nearest=higher.flatMap(
({id})=>SHAPES.map(kind=>`${id}|${kind}`)).find(id=>map.getLayer(id));return nearest!=null?nearest:lowest(map,...ABOVE)}
function lowest(map,...kinds){var _a;const drawn2=map.getStyle().layers;return(_a=drawn2.find(({id})=>kinds.some(kind=>id.
endsWith(`|${kind}`))))==null?void 0:_a.id}function pointsOn(map,layer){return ABOVE.map(kind=>`${layer.id}|${kind}`).filter(
id=>map.getSource(id))}function kindsOn(map,layer){return KINDS.filter(kind=>map.getLayer(`${layer.id}|${kind}`))}function targetsOf(layer){
if(layer.shape.kind==="picture"){return[]}if(layer.shape.kind!=="tiles"){return[{source:layer.id}]}return["a","o"].map(sourceLayer=>({
source:layer.id,sourceLayer}))}var AFTER_HEAD=33;var METRE_OF_INCH=.0254;function withDensity(png,dots){const part2=new Uint8Array(21);const view=new DataView(
part2.buffer);view.setUint32(0,9);part2.set(new TextEncoder().encode("pHYs"),4);view.setUint32(8,Math.round(dots/METRE_OF_INCH));
view.setUint32(12,Math.round(dots/METRE_OF_INCH));part2[16]=1;view.setUint32(17,checksum(part2.subarray(4,17)));const whole=new Uint8Array(
png.length+part2.length);whole.set(png.subarray(0,AFTER_HEAD));whole.set(part2,AFTER_HEAD);whole.set(png.subarray(AFTER_HEAD),
AFTER_HEAD+part2.length);return whole}function checksum(bytes){let sum=4294967295;for(const byte of bytes){sum^=byte;for(let bit=0;bit<
8;bit+=1){sum=sum&1?sum>>>1^3988292384:sum>>>1}}return(sum^4294967295)>>>0}var HATCHES2={stripes:"M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",counter:"M4 2l12 14M12 2l12 14M20 2l8 9",level:"M2 6H2\
8M2 12H28",grid:"M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9"};function swatch(look){const parts=look.line?
[lineSign(look)]:look.point?[dotSign(look)]:landSign(look);return drawing("0 0 30 18",[30,18],parts,"swatch")}function lineSign({
stroke,weight=0,dash=""}){return["path",{d:"M1 9H29",stroke,"stroke-width":Math.max(1,weight),"stroke-dasharray":dash,fill:"\
none"}]}function dotSign({fill,stroke,ring=0}){return["circle",{cx:15,cy:9,r:5,fill:fill||stroke,stroke:stroke||"none","\
stroke-width":ring}]}function landSign(look){var _a,_b,_c;const land=["rect",{...{x:1.5,y:1.5,width:27,height:15,rx:2},fill:look.
fill_opacity!==0&&look.fill||"none","fill-opacity":(_a=look.fill_opacity)!=null?_a:1,stroke:look.stroke||"none","stroke-\
width":(_b=look.weight)!=null?_b:0,"stroke-dasharray":look.dash||""}];if(!look.hatch){return[land]}const d=(_c=HATCHES2[look.
hatch])!=null?_c:HATCHES2.stripes;const width=look.hatch==="grid"?1:2.4;const hatch2={d,stroke:look.stripe||"#ffffff","s\
troke-width":width,fill:"none","stroke-opacity":.8};return[land,["path",hatch2]]}function keyOf(page){const key=byId("key",HTMLElement);let shown;return()=>{var _a;const sides=(_a=page.swipe)==null?void 0:
_a.sides();const filled=page.layers.find(one=>one.keyed&&one.on);const parts=sides?sides.map(partOf):filled?[filledPart(
filled,page),restPart(filled,page)]:[onPart(page)];const now=JSON.stringify(parts);if(now!==shown){shown=now;key.hidden=
!parts.some(({steps})=>steps.length);key.classList.toggle("narrow-only",!sides&&!filled);key.classList.toggle("sides",Boolean(
sides));key.replaceChildren(...parts.map(drawnPart))}}}function filledPart(layer,{view}){var _a;return{title:(_a=view==null?
void 0:view.title)!=null?_a:layer.title,steps:layer.categories}}function restPart(filled,{layers}){return{...partOf({title:"",
layers:layers.filter(one=>one.on&&one!==filled)}),narrow:true}}function onPart({layers,words}){return partOf({title:words.
key,layers:layers.filter(one=>one.on)})}function partOf({title,layers}){const there=layers.filter(one=>!one.companion);const around2=there.
filter(one=>one.ground);return{title,steps:[...there.filter(one=>!one.ground),...around2].flatMap(alone)}}function drawnPart({
title,steps,narrow}){const part2=element("div",narrow?"part narrow-only":"part");part2.append(...title?[element("p","hea\
d",title)]:[],...steps.map(stepOf));return part2}function alone(layer){const seen=classesSeen(layer);return layer.categories.
length===1?seen.map(one=>({...one,title:layer.title,told:null})):seen}function classesSeen({categories,hidden,counted:counted2,
shape}){const filled=shape.kind==="picture";return categories.filter((_,at)=>!hidden.has(at)&&(filled||counted2[at]!==0))}
function stepOf({title,look,told}){const step=element("p","step");step.append(swatch(look),element("span","",title),element(
"b","",told));return step}var DOTS=300;var MM_OF_INCH=25.4;var SCREEN_DOTS=96;var SHEET={width:297,height:210};var MAP={left:10,top:27,width:209,height:164};
var SIDE={left:224,top:27,width:63,height:164};var INK="#1c1a17";var FAINT="#66615a";var VEIL="#ffffffd8";var ROW=5.6;var LEAST_ROW=3.4;
var EQUATOR_M=40075016686e-3;var TILE=512;var LONGEST_NAME3=60;var LONGEST_LINE=400;var KEPT_MS=6e4;function sheetOf(page){
const{words}=page;const told=byId("told",HTMLElement);let saving=false;async function save(){var _a,_b;if(saving){return}
saving=true;told.textContent=words.saving;try{const canvas=document.createElement("canvas");await enlarged(page,"sheet",
DOTS/SCREEN_DOTS,()=>draw(canvas,page));download(await pngOf(canvas),`${nameOf2(`${headsOf(page)[0]} ${(_b=(_a=page.view)==
null?void 0:_a.id)!=null?_b:""}`)}.png`)}finally{told.textContent="";saving=false}}return{save}}async function draw(canvas,page){
const{map,data}=page;canvas.width=Math.round(SHEET.width*DOTS/MM_OF_INCH);canvas.height=Math.round(SHEET.height*DOTS/MM_OF_INCH);
const pen=canvas.getContext("2d");pen.scale(canvas.width/SHEET.width,canvas.height/SHEET.height);pen.fillStyle="#ffffff";
pen.fillRect(0,0,SHEET.width,SHEET.height);drawMaps(pen,page,MAP);pen.strokeStyle=INK;pen.lineWidth=.4;pen.strokeRect(MAP.
left,MAP.top,MAP.width,MAP.height);const[title,below2]=headsOf(page);const room=SHEET.width-2*MAP.left;const day=new Date().
toLocaleDateString("sv");write(pen,title,{x:MAP.left,y:16.5,size:7,room,bold:true});write(pen,below2,{x:MAP.left,y:23.4,
size:4,room,colour:FAINT});write(pen,`${data.printed} · ${day}`,{x:MAP.left,y:196.5,size:3,room});write(pen,data.sources,
{x:MAP.left,y:201.5,size:3,room,colour:FAINT});arrow(pen);bar(pen,metresOfMm(map.getZoom(),map.getCenter().lat));await legend(
pen,rowsOf2(page))}function headsOf({view}){const[county,paper,value]=["#title h1","#title .document",".view:not([hidden\
]) .value"].map(one=>{var _a,_b,_c;return(_c=(_b=(_a=document.querySelector(one))==null?void 0:_a.textContent)==null?void 0:
_b.trim())!=null?_c:""});return[county,[...new Set([paper,view==null?void 0:view.title,value])].filter(Boolean).join(" ·\
 ")]}function rowsOf2({layers,map,swipe}){var _a;const sides=swipe==null?void 0:swipe.sides();const rows=(some,on)=>some.
filter(({id})=>on.getSource(id)).flatMap(rowsOfLayer);if(!sides){return rows(layers,map)}const maps=[map,(_a=swipe==null?
void 0:swipe.second())==null?void 0:_a.map];return sides.flatMap(({title,layers:own},at)=>[{look:null,words:title},...rows(
own,maps[at])])}function rowsOfLayer(layer){const{title}=layer;const seen=classesSeen(layer);if(seen.length===1){const[{
look,title:own}]=seen;return[{look,words:own===title||!own?title:`${title}: ${own}`}]}const classes=seen.map(({look,title:own})=>({
look,words:own}));return classes.length?[{look:null,words:title},...classes]:[]}async function legend(pen,rows){const high=Math.
max(LEAST_ROW,Math.min(ROW,SIDE.height/Math.max(1,rows.length)));const most=Math.floor(SIDE.height/high);const shown=rows.
length>most?[...rows.slice(0,most-1),{look:null,words:"…"}]:rows;const signs=await Promise.all(shown.map(({look})=>look&&
imageOf(look)));for(const[at,{words}]of shown.entries()){const y=SIDE.top+(at+.7)*high;const sign=signs[at];const indent=sign?
1.2*high+1.6:0;if(sign){pen.drawImage(sign,SIDE.left,y-.58*high,1.2*high,.72*high)}write(pen,words,{x:SIDE.left+indent,y,
size:.58*high,room:SIDE.width-indent,bold:!sign})}}async function imageOf(look){const drawn2=swatch(look);drawn2.setAttribute(
"width","120");drawn2.setAttribute("height","72");const image=new Image;image.src=`data:image/svg+xml,${encodeURIComponent(
new XMLSerializer().serializeToString(drawn2))}`;await image.decode();return image}function arrow(pen){const x=MAP.left+
MAP.width-9;const y=MAP.top+5;pen.fillStyle=VEIL;pen.fillRect(x-5,y-2,10,18);pen.fillStyle=INK;pen.beginPath();pen.moveTo(
x,y);pen.lineTo(x+3,y+9.5);pen.lineTo(x,y+7.6);pen.lineTo(x-3,y+9.5);pen.fill();write(pen,"N",{x:x-1.4,y:y+14,size:4,room:9,
bold:true})}function bar(pen,metres){const length2=roundLength(MAP.width/4*metres);const wide=length2/metres;const x=MAP.
left+5;const y=MAP.top+MAP.height-5;const words=length2>=1e3?`${length2/1e3} km`:`${length2} m`;const scale=Number((metres*
1e3).toPrecision(2)).toLocaleString("en");pen.fillStyle=VEIL;pen.fillRect(x-2,y-8.5,Math.max(wide,36)+4,10.5);pen.fillStyle=
INK;pen.lineWidth=.25;pen.fillRect(x,y-1.6,wide/2,1.6);pen.strokeRect(x,y-1.6,wide,1.6);write(pen,`${words}   ≈ 1:${scale}`,
{x,y:y-3.4,size:3.2,room:60})}function metresOfMm(zoom,latitude2){const pixel=EQUATOR_M*Math.cos(latitude2*Math.PI/180)/
(TILE*2**zoom);return pixel*SCREEN_DOTS/MM_OF_INCH}function roundLength(longest){const power=10**Math.floor(Math.log10(longest));
return Math.max(...[1,2,5].map(one=>one*power).filter(one=>one<=longest))}function write(pen,words,{x,y,size,room,colour=INK,
bold=false}){pen.font=`${bold?700:400} ${size}px ${getComputedStyle(document.body).fontFamily}`;pen.fillStyle=colour;let signs=[
...words.replace(/\s+/g," ")].slice(0,LONGEST_LINE);while(signs.length>1&&pen.measureText(signs.join("")).width>room){signs=
[...signs.slice(0,signs.at(-1)==="…"?-2:-1),"…"]}pen.fillText(signs.join(""),x,y)}async function pngOf(canvas){const plain=await new Promise(
resolve=>canvas.toBlob(resolve,"image/png"));if(!plain){throw new Error("the browser made no picture of the sheet")}return new Blob(
[withDensity(new Uint8Array(await plain.arrayBuffer()),DOTS)],{type:"image/png"})}function nameOf2(words){const plain=words.
replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu,"_");return[...plain].slice(0,LONGEST_NAME3).join("").replace(/^[.\s]+|[.\s]+$/g,"")||
"map"}function download(blob,name){const link=document.createElement("a");link.href=URL.createObjectURL(blob);link.download=
name;link.click();setTimeout(()=>URL.revokeObjectURL(link.href),KEPT_MS)}var EDGE2=.02;var STEP=.05;var BROKEN="broken.";function swipeOf(page){const{map,layers}=page;const other=byId("other",HTMLElement);
const stage=byId("stage",HTMLElement);const divider=byId("divider",HTMLElement);const box=byId("swiping",HTMLElement);const left=byId(
"left",HTMLSelectElement);const right=byId("right",HTMLSelectElement);let second=null;let place=.5;let on=false;function apply(){
if(on&&second){showOnly(page.first,wanted(left.value,layers),layers);showOnly(second,wanted(right.value,layers),layers)}
page.tree.refresh()}function moveTo(to){place=Math.max(EDGE2,Math.min(1-EDGE2,to));const x=Math.round(place*stage.clientWidth);
other.style.clipPath=`inset(0 0 0 ${x}px)`;divider.style.left=`${x}px`;divider.setAttribute("aria-valuenow",String(Math.
round(100*place)))}async function start2(){const made=emptyMap({container:other,center:map.getCenter(),zoom:map.getZoom(),
interactive:false});other.style.pointerEvents="none";second=shareOf2(made,page);map.on("move",()=>{if(on){made.jumpTo({center:map.
getCenter(),zoom:map.getZoom()})}});new ResizeObserver(()=>{if(on){made.resize();moveTo(place)}}).observe(stage);await new Promise(
resolve=>made.once("load",resolve));return second}async function toggle(asked){on=asked;for(const part2 of[other,divider,
box]){part2.hidden=!on}if(!on){const shown=layers.filter(layer=>layer.on);showOnly(page.first,shown,layers);page.tree.refresh();
return}if(!second){[left.value,right.value]=firstChoices(layers);await start2();page.laid()}second==null?void 0:second.map.
resize();second==null?void 0:second.map.jumpTo({center:map.getCenter(),zoom:map.getZoom()});moveTo(place);apply()}const sideOf=(select2,word)=>({
title:`${word}: ${select2.selectedOptions[0].textContent}`,layers:wanted(select2.value,layers)});for(const select2 of[left,
right]){select2.append(...choicesOf(page));select2.addEventListener("change",apply)}divider.addEventListener("pointerdow\
n",event=>{divider.setPointerCapture(event.pointerId);event.preventDefault()});divider.addEventListener("pointermove",event=>{
if(divider.hasPointerCapture(event.pointerId)){const frame=stage.getBoundingClientRect();moveTo((event.clientX-frame.left)/
frame.width)}});divider.addEventListener("keydown",event=>{const step={ArrowLeft:-STEP,ArrowRight:STEP}[event.key];if(step){
event.preventDefault();moveTo(place+step)}});return{toggle,apply,at:x=>on&&second&&x>place*stage.clientWidth?second.map:
map,on:()=>on,second:()=>second,sides:()=>on&&second?[sideOf(left,page.words.left),sideOf(right,page.words.right)]:null,
place:()=>place,moveTo}}function showOnly(share,shown,layers){for(const layer of layers){if(shown.includes(layer)){share.
show(layer)}else{share.hide(layer)}}}function groupsOf(layers){return[...new Set(layers.map(layer=>layer.group))]}function choicesOf({
layers,words}){const groups=groupsOf(layers).map((group,at)=>{const part2=element("optgroup");const own=layers.filter(layer=>layer.
group===group);part2.label=group;if(own.length>1){part2.append(option(`group ${at}`,`${group}: ${words.all}`))}part2.append(
...own.map(layer=>option(`layer ${layer.id}`,layer.title)));return part2});const earlier=layers.find(layer=>layer.earlier);
const runs=earlier?[option("before",earlier.group),option("after",words.this_run)]:[];return[option("on",words.what_is_on),
...runs,...groups]}function wanted(value,layers){var _a;if(value==="on"){return layers.filter(layer=>layer.on)}if(value===
"before"||value==="after"){const before=value==="before";const asked2=[...offenders(layers)[before?0:1],...results(layers)[before?
0:1]];const stays=({on,ground,measured})=>on&&ground&&!measured;return layers.filter(layer=>asked2.includes(layer)||stays(
layer))}const[,kind,id]=(_a=/^(\w+) (.*)$/s.exec(value))!=null?_a:[];const group=groupsOf(layers)[Number(id)];const asked=layer=>kind===
"group"?layer.group===group:layer.id===id;return layers.filter(layer=>asked(layer)||layer.on&&layer.ground)}function offenders(layers){
const then=layers.filter(layer=>layer.earlier&&!layer.measured);const today=new Set(then.map(layer=>layer.earlier));const now=layers.
filter(({id})=>today.has(id)||id.startsWith(BROKEN));const on=new Set([...then,...now].filter(layer=>layer.on).map(layer=>{
var _a;return(_a=layer.earlier)!=null?_a:layer.id}));const asked=layer=>{var _a;return!on.size||on.has((_a=layer.earlier)!=
null?_a:layer.id)};return[then.filter(asked),now.filter(asked)]}function results(layers){const on=new Set(layers.filter(
layer=>layer.on&&layer.measured).map(({id})=>id));const then=layers.filter(({id,earlier,measured})=>earlier&&measured&&(on.
has(id)||on.has(earlier)));return[then,layers.filter(({id,earlier})=>on.has(id)&&!earlier)]}function firstChoices(layers){
var _a;if(layers.some(layer=>layer.earlier)){return["before","after"]}const against=(_a=layers.filter(layer=>!layer.on&&
layer.tabled).pop())!=null?_a:layers[0];return["on",against?`layer ${against.id}`:"on"]}var HEIGHT=30;var SPARE=12;var LONGEST_HINT=300;var PAGE=8;var WIDTHS={name:210,number:138,text:170};function tableOf(page){
const{words}=page;const head=byId("twin-head",HTMLTableSectionElement);const body=byId("twin-body",HTMLTableSectionElement);
const grid=byId("twin",HTMLTableElement);const scroller=byId("scroller",HTMLElement);const choice=byId("of",HTMLSelectElement);
const told=byId("rows",HTMLElement);const fold=byId("fold",HTMLButtonElement);const tabled=page.layers.filter(one=>one.tabled&&
one.facts.size);let layer=null;let columns=[];let rows=[];let key=null;let down=false;let active=0;let drawn2=[-1,-1];function open(wanted2){
if(!wanted2){return}layer=wanted2;choice.value=wanted2.id;key=null;columns=columnsOf(wanted2,words);const line=element("\
tr");line.append(...columns.map((column,at)=>heading(column,at,()=>sortBy(at,line))));head.replaceChildren(line);grid.style.
width=`${columns.reduce((sum,column,at)=>sum+widthOf(column,at),0)}px`;refresh()}function sortBy(at,line){down=key===at&&
!down;key=at;Array.from(line.children).forEach((cell,n)=>{cell.setAttribute("aria-sort",n!==at?"none":down?"descending":
"ascending")});refresh()}function refresh(){if(!layer){return}rows=rowsOf3(layer,page);if(key!==null){rows=layer.facts.sorted(
rows,columns[key].value,down)}told.textContent=words.rows.replace("{count}",counted(rows.length)).replace("{total}",counted(
layer.facts.size));grid.setAttribute("aria-rowcount",String(rows.length+1));active=Math.min(active,Math.max(0,rows.length-
1));scroller.scrollTop=0;redraw()}function redraw(){drawn2=[-1,-1];draw2()}function draw2(){if(!layer){return}const from=Math.
max(0,Math.floor(scroller.scrollTop/HEIGHT)-SPARE);const to=Math.min(rows.length,from+Math.ceil(scroller.clientHeight/HEIGHT)+
2*SPARE);if(from===drawn2[0]&&to===drawn2[1]){return}drawn2=[from,to];const lines=[];for(let at=from;at<to;at+=1){lines.
push(lineOf2(layer,at))}const focused=body.contains(document.activeElement);body.replaceChildren(...room(from),...lines,
...room(rows.length-to));if(focused){focus()}}function room(size){if(!size){return[]}const line=element("tr","room");const cell=element(
"td");cell.colSpan=columns.length;cell.style.height=`${size*HEIGHT}px`;line.setAttribute("aria-hidden","true");line.append(
cell);return[line]}function lineOf2(owner,at){const row=rows[at];const line=element("tr",owner.chosen===row?"chosen":"");
line.setAttribute("aria-rowindex",String(at+2));line.append(...columns.map((column,n)=>n===0?nameCell(owner,at,column):cellOf(
column,row)));return line}function nameCell(owner,at,column){const row=rows[at];const name=column.get(row);const cell=hinted(
column,name);const link=button(name===null?words.unnamed:name,()=>{active=at;page.fly([owner,row])});link.tabIndex=at===
active?0:-1;link.dataset.at=String(at);cell.append(link);return cell}function cellOf(column,row){var _a;const value=column.
get(row);const cell=hinted(column,value);const outcome=(_a=column.outcome)==null?void 0:_a.call(column,row);if(outcome){
cell.append(page.verdict(outcome,value))}else{cell.textContent=value!=null?value:""}return cell}function focus(){const link=body.
querySelector(`button[data-at="${active}"]`);if(link instanceof HTMLButtonElement){link.focus({preventScroll:true})}}function moved(event){
const step=stepOf2(event.key,rows.length);if(!step){return}event.preventDefault();active=Math.max(0,Math.min(rows.length-
1,active+step));const top=active*HEIGHT;if(top<scroller.scrollTop){scroller.scrollTop=top}if(top+2*HEIGHT>scroller.scrollTop+
scroller.clientHeight){scroller.scrollTop=top+2*HEIGHT-scroller.clientHeight}redraw();focus()}function unfold(wanted2){fold.
setAttribute("aria-expanded",String(wanted2));scroller.hidden=!wanted2;document.body.classList.toggle("drawn",wanted2);redraw()}
choice.append(...tabled.map(one=>option(one.id,one.title)));choice.addEventListener("change",()=>{open(tabled.find(one=>one.
id===choice.value));page.noted()});body.addEventListener("keydown",moved);scroller.addEventListener("scroll",draw2);fold.
addEventListener("click",()=>unfold(fold.getAttribute("aria-expanded")!=="true"));return{open,refresh,unfold,mark:redraw,
layer:()=>layer,tabled}}function columnsOf(layer,words){var _a;const{facts,categories}=layer;const columns=[...facts.columns];
if(categories.length>1||((_a=categories[0])==null?void 0:_a.outcome)){columns.splice(1,0,{title:words.verdict_or_class,value:row=>facts.
category[row],get:row=>categories[facts.category[row]].title,outcome:row=>categories[facts.category[row]].outcome})}if(facts.
town){columns.push({title:words.town,value:facts.town.get,get:facts.town.get})}if(facts.rule){columns.push({title:words.
rule,value:facts.rule.get,get:facts.rule.get})}return columns}function rowsOf3(layer,page){var _a;const hit=(_a=page.hits)==
null?void 0:_a.get(layer.id);const rows=[];for(let row=0;row<layer.facts.size;row+=1){if(page.seen(layer,row)&&(!hit||hit[row])){
rows.push(row)}}return rows}function heading(column,at,sort){const cell=element("th");const sorter=button(column.title,sort,
column.number?"number":"");cell.scope="col";cell.style.width=`${widthOf(column,at)}px`;cell.setAttribute("aria-sort","no\
ne");sorter.title=column.title;cell.append(sorter);return cell}function hinted(column,value){const cell=element("td",column.
number?"number":"");cell.title=(value!=null?value:"").slice(0,LONGEST_HINT);return cell}function widthOf(column,at){return column.
number?WIDTHS.number:at&&!column.outcome?WIDTHS.text:WIDTHS.name}function stepOf2(key,count){var _a;const steps={ArrowDown:1,
ArrowUp:-1,PageDown:PAGE,PageUp:-PAGE,Home:-count,End:count};return(_a=steps[key])!=null?_a:0}var TOLD_MS=4e3;var SIGNS={zoom_in:"M8 3v10M3 8h10",zoom_out:"M3 8h10",whole:"M2.500 6V2.500H6M10 2.500h3.500V6M13.500 1\
0v3.500H10M6 13.500H2.500V10",measure:"M2 11L11 2l3 3-9 9zM5 8l1.500 1.500M7.500 5.500L9 7M10 3l1.500 1.500",swipe:"M8 2\
v12M5 5L2 8l3 3M11 5l3 3-3 3",print:"M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.500h8V14H4z",save:"M8 2v8M5 7l3 3 3-3M2.500 11v2.50\
0h11V11",link:"M7 9l2-2M6 6L3.500 8.500a2.500 2.500 0 0 0 4 4L10 10M6.500 6L9 3.500a2.500 2.500 0 0 1 4 4L10 10"};function addTools(page,ruler,swipe,paper,sheet){
const{map,data}=page;const still={animate:false};byId("tools",HTMLElement).append(tool("zoom_in",page,()=>map.zoomIn(still)),
tool("zoom_out",page,()=>map.zoomOut(still)),tool("whole",page,()=>map.fitBounds(data.bounds,{padding:PADDING,...still})),
switchFor("measure",page,ruler.toggle),switchFor("swipe",page,swipe.toggle),tool("print",page,paper.print),tool("save",page,
sheet.save),tool("link",page,()=>copyLink(page)))}function tool(name,{words},work){const made=button(null,work);made.title=
words[name];made.dataset.tool=name;made.setAttribute("aria-label",words[name]);made.append(drawing("0 0 16 16",[18,18],[
["path",{d:SIGNS[name]}]]));return made}function switchFor(name,page,toggle){const made=tool(name,page,()=>{const on=made.
getAttribute("aria-pressed")!=="true";made.setAttribute("aria-pressed",String(on));toggle(on)});made.setAttribute("aria-\
pressed","false");return made}async function copyLink({words,noted}){const told=byId("told",HTMLElement);noted();try{await navigator.
clipboard.writeText(location.href);told.textContent=words.copied}catch(e){told.textContent=words.in_address}setTimeout(()=>{
told.textContent=""},TOLD_MS)}function treeOf(page){var _a,_b;const key=keyOf(page);const leaves=page.layers.map(layer=>leafOf(layer,page));const groups=new Map;
const questions=new Map;function questionOf(title){var _a2;const made=(_a2=questions.get(title))!=null?_a2:headed(title,
"question");if(!questions.has(title)){questions.set(title,made);byId("tree",HTMLElement).append(made.root)}return made}function groupOf({
question,group}){var _a2,_b2;const name=`${question}
${group}`;const known=groups.get(name);if(known){return known}const made={...headed(group),question:question?questionOf(
question):null};((_b2=(_a2=made.question)==null?void 0:_a2.root)!=null?_b2:byId("tree",HTMLElement)).append(made.root);groups.
set(name,made);return made}function open(layer){const{root,question}=groupOf(layer);root.open=true;if(question){question.
root.open=true}}const theirs=page.layers.find(({ranked})=>ranked);if(theirs){groupOf(theirs)}for(const[at,layer]of page.
layers.entries()){const group=groupOf(layer);group.layers.push(layer);(_a=group.question)==null?void 0:_a.layers.push(layer);
group.root.append(leaves[at].root);if(layer.on){open(layer)}}function refresh(){for(const{total,layers}of[...groups.values(),
...questions.values()]){total.textContent=`${layers.filter(layer=>layer.on).length}/${layers.length}`}for(const leaf of leaves){
leaf.refresh()}key()}(_b=page.map)==null?void 0:_b.on("zoomend",()=>leaves.forEach(leaf=>leaf.hint()));return{refresh,reveal:layer=>open(
layer)}}function headed(title,look=""){const root=element("details",look);const head=element("summary");const total=element(
"b");head.append(element("span","",title),total);root.append(head);return{root,total,layers:[]}}function leafOf(layer,page){
const root=element("div","leaf");const key=element("label","key");const box=element("input");const many2=element("b");const far=element(
"p","small hint",page.words.near);box.type="checkbox";box.dataset.layer=layer.id;box.addEventListener("change",()=>page.
turn(layer,box.checked));const strength=strengthOf(layer,page);let rows=[];let drawn2=null;function draw2(){const single=layer.
categories.length===1&&(!layer.forms.length||layer.categories[0].title===layer.title);key.replaceChildren(box,...single?
[swatch(layer.categories[0].look)]:[],element("span","",layer.title),many2);rows=single?[]:classRows(layer,page);const classes=element(
"div","classes");classes.append(...rows.map(({row})=>row));root.replaceChildren(key,far,...single?[]:[classes],strength);
drawn2=layer.categories}function hint(){far.hidden=!page.map||!layer.on||page.map.getZoom()>=layer.least_zoom}function refresh(){
const{left,facts}=layer;if(layer.categories!==drawn2){draw2()}root.hidden=!layer.categories.length;root.classList.toggle(
"on",layer.on);box.checked=layer.on;const whole=left===facts.size?counted(left):`${counted(left)}/${counted(facts.size)}`;
many2.textContent=["picture","reached"].includes(layer.shape.kind)?"":whole;rows.forEach(({row,number},at)=>{var _a;row.
hidden=layer.hidden.has(at);number.textContent=(_a=layer.categories[at].told)!=null?_a:counted(layer.counted[at])});hint()}
refresh();return{root,refresh,hint}}function classRows(layer,page){return layer.categories.map(({title,outcome,look})=>{
const row=element("div","key");const number=element("b");const name=element("span","",outcome?null:title);if(outcome){name.
append(page.verdict(outcome,title))}row.append(swatch(look),name,number);return{row,number}})}function strengthOf(layer,page){
const{words}=page;const label=element("label","strength",words.opacity);const range=element("input");Object.assign(range,
{type:"range",min:0,max:100,value:100*layer.strength});range.setAttribute("aria-label",`${words.opacity}: ${layer.title}`);
range.addEventListener("input",()=>{layer.strength=range.valueAsNumber/100;page.restyle(layer)});label.append(range);return label}var ABOVE2=60;function viewsOf(page,asked){const{data,layers}=page;const{views}=data;const parts=Array.from(document.querySelectorAll(
"[data-view]"));const choices=Array.from(document.querySelectorAll("#views input"));const theirs=new Set(views.flatMap(view=>view.
layers));function scroll(){var _a;const label=(_a=choices.find(({checked})=>checked))==null?void 0:_a.closest("label");const list=label==
null?void 0:label.parentElement;if(label&&list&&(label.offsetTop<list.scrollTop||bottomOf(label)>list.scrollTop+list.clientHeight)){
list.scrollTop=label.offsetTop-ABOVE2}}function choose2(view){var _a,_b,_c;if(view===page.view){return}page.view=view;for(const part2 of parts){
part2.hidden=part2.dataset.view!==view.id}for(const choice of choices){choice.checked=choice.value===view.id}scroll();page.
card.close();for(const layer of layers.filter(({id})=>theirs.has(id))){switchTo(layer,view.layers.includes(layer.id),page)}
for(const layer of layers.filter(one=>changed(one,view.id))){asked.recount(layer);page.shares().forEach(share=>share.remake(
layer))}page.tree.refresh();const ranked=layers.find(layer=>layer.on&&layer.tabled&&layer.ranked);page.table.open(((_a=page.
table.layer())==null?void 0:_a.on)?(_b=page.table.layer())!=null?_b:void 0:ranked);data.alt=view.alt;(_c=page.map)==null?
void 0:_c.getCanvas().setAttribute("aria-label",view.alt);page.noted()}function chooseBy(id){const view=views.find(one=>one.
id===id||encodeURI(one.id)===id||encodeURIComponent(one.id)===id);if(view){choose2(view)}return Boolean(view)}function featureAt(address){
var _a;const[,word,number]=(_a=/^([a-z]+)-(\d+)$/.exec(address))!=null?_a:[];const view=[page.view,...views].find(one=>one&&
word in one.spots);if(!view){return null}const[id,first]=view.spots[word];const layer=layers.find(one=>one.id===id);const row=Number(
number)-first;if(!layer||row<0||row>=layer.facts.size){return null}choose2(view);return[layer,row]}scroll();byId("more",
HTMLElement).addEventListener("click",scroll);for(const choice of choices){choice.addEventListener("change",()=>chooseBy(
choice.value))}for(const gap of document.querySelectorAll(".gaps button")){const layer=layers.find(({id})=>id===gap.dataset.
layer);if(layer){gap.addEventListener("click",()=>page.fly([layer,Number(gap.dataset.row)]))}}return{chooseBy,bring:([layer,
row])=>{chooseBy(viewHaving(layer,row))},featureAt,id:()=>views.length>1&&page.view?page.view.id:null}}function bottomOf(label){
return label.offsetTop+label.offsetHeight}var SMALL2="(max-width: 760px), (max-height: 480px)";start();async function start(){const data=await jsonOf("payload");const tables=tablesOf(
await jsonOf("facts-of-layers"));const layers=data.layers.map((head,at)=>layerOf(head,tables[at],data.view));const map=await firstMap(
data);if(map){map.on("movestart",({originalEvent})=>{if(originalEvent){showMap(map)}})}else{byId("told",HTMLElement).textContent=
data.words.no_webgl;showStill();document.documentElement.dataset.ready="table"}const page=pageOf(data,layers,map);const asked=askedOf(
page);const views=viewsOf(page,asked);const address=addressOf(page,asked,views);page.bring=views.bring;page.tally=asked.
tally;page.noted=address.write;searchIn(page);openPanel(page);if(!map){page.card=cardWithoutMap(page)}const shown=map?addMapParts(
page):[];if(window.matchMedia(SMALL2).matches){page.table.unfold(false);map==null?void 0:map.resize()}if(data.first&&!location.
hash){history.replaceState(null,"",`#see=${encodeURIComponent(data.first)}`)}address.follow();window.addEventListener("h\
ashchange",address.follow);window.mainMap=map;if(map){map.on("moveend",address.write);await Promise.all(shown);map.once(
"idle",()=>{sharpen(map);map.once("idle",()=>{hideStill();document.documentElement.dataset.ready="yes"})});map.triggerRepaint()}}
function showMap(map){if(!byId("still",HTMLImageElement).hidden){hideStill();sharpen(map)}}function hideStill(){byId("st\
ill",HTMLImageElement).hidden=true}function sharpen(map){map.setPixelRatio(void 0)}function showStill(){const picture=byId(
"still",HTMLImageElement);picture.classList.remove("waiting");picture.hidden=false}function pageOf(data,layers,map){const titles=new Map(
data.rules);const later=()=>{};const parts={data,words:data.words,layers,map,first:NO_SHARE,swipe:null,card:{show:later,
close:later},hits:null,selected:null,view:data.views.find(({id})=>id===data.view),bring:later,tally:later,noted:later,laid:later,
busy:()=>false,shares:()=>{var _a;return[page.first,(_a=page.swipe)==null?void 0:_a.second()].filter(Boolean)},seen:(layer,row)=>layer.
facts.category[row]>=0&&!layer.hidden.has(layer.facts.category[row])&&(!layer.mask||layer.mask[row]===1),restyle:layer=>page.
shares().forEach(share=>share.restyle(layer)),turn:(layer,on)=>turn(page,layer,on),choose:feature=>choose(page,feature),
fly:feature=>fly(page,feature),open:wanted2=>openTo(page,wanted2),speak:feature=>speak(page,feature),mapAt:x=>page.swipe?
page.swipe.at(x):map,verdict:(key,word)=>verdict(data,key,word),ruleTitle:code=>{var _a;return code===null?null:(_a=titles.
get(code))!=null?_a:code}};const page=parts;page.tree=treeOf(page);page.table=tableOf(page);return page}function addMapParts(page){
const{map}=page;serveTiles();page.first=shareOf2(map,page);page.card=cardOf(page);const ruler=rulerOf(page);page.busy=ruler.
on;page.swipe=swipeOf(page);const ground=groundOf(page);page.laid=ground.laid;map.on("error",({sourceId,error})=>{if(sourceId==
null?void 0:sourceId.startsWith("ground|")){ground.failed()}else{console.error(error)}});addTools(page,ruler,page.swipe,
paperOf(page),sheetOf(page));return page.layers.filter(layer=>layer.on).map(layer=>page.first.show(layer))}function openPanel(page){
const only=byId("only",HTMLInputElement);only.addEventListener("change",()=>byId("tree",HTMLElement).classList.toggle("o\
nly",only.checked));byId("more",HTMLElement).addEventListener("click",()=>page.open(!document.body.classList.contains("o\
pen")))}function openTo({words},wanted2){const more=byId("more",HTMLElement);document.body.classList.toggle("open",wanted2);
more.setAttribute("aria-expanded",String(wanted2));more.textContent=wanted2?words.less:words.more}function turn(page,layer,on){
var _a;layer.on=on;if((_a=page.swipe)==null?void 0:_a.on()){page.swipe.apply()}else if(on){page.first.show(layer)}else{page.
first.hide(layer)}page.tree.refresh();page.tally();page.noted()}function choose(page,feature){const before=page.selected;
page.selected=feature;mark(page,before,false);mark(page,feature,true);page.table.mark();page.noted()}function mark(page,feature,on){
if(feature){const[layer,row]=feature;layer.chosen=on?row:null;page.shares().forEach(share=>share.choose(layer,row,on));for(const other of page.
layers.filter(({companion,of})=>companion&&of===layer.id)){page.shares().forEach(share=>share.remake(other))}}}function fly(page,[
layer,row]){var _a;if(layer.facts.category[row]<0){page.bring([layer,row])}if(!layer.on){page.turn(layer,true);page.tree.
reveal(layer)}page.open(false);(_a=page.map)==null?void 0:_a.jumpTo({center:[layer.facts.lon[row],layer.facts.lat[row]],
zoom:Math.max(page.data.least,layer.facts.flown(row))});page.card.show([[layer,row]],[layer.facts.lon[row],layer.facts.lat[row]])}
function speak({words},[layer,row]){const{title,outcome}=layer.categories[layer.facts.category[row]];const kind=outcome||
layer.categories.length>1?title:"";const told=[layer.facts.name(row)||words.unnamed,layer.title,kind];byId("spoken",HTMLElement).
textContent=told.filter(Boolean).join(", ")}function verdict(data,key,word){const outcome=data.outcomes[key];const made=element(
"span","outcome");made.style.setProperty("--tone",outcome.colour);made.append(drawing("0 0 16 16",[16,16],[["path",{d:outcome.
sign}]],"sign"),word||outcome.word);return made}})();
