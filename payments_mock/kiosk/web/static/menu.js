/* The menu: choose seats and snacks, and order them. */
import { language, say, translatePage, won } from '/static/translations.js';
import { byId, make, post, read, ready, sellerName, showProblem } from '/static/shop.js';

/* The cart outlives a change of the language, which loads the page anew; it ends with the order or the tab. */
const kept = JSON.parse(sessionStorage.getItem('cart') ?? '{"seats": [], "quantities": []}');
const chosenSeats = new Set(kept.seats);
const quantities = new Map(kept.quantities);
let shop = null;

function drawSeats() {
  const rows = Map.groupBy ? Map.groupBy(shop.seats, (seat) => seat.id[0]) : groupRows(shop.seats);
  byId('seat-price').textContent = say('seatPrice', { amount: won(shop.seats[0].price) });
  byId('seats').replaceChildren(...[...rows].map(([row, seats]) => make(
    'div', { className: 'row' }, make('span', { className: 'row-name', textContent: row, ariaHidden: 'true' }), ...seats.map(drawSeat),
  )));
}

function groupRows(seats) {
  const rows = new Map();
  seats.forEach((seat) => rows.set(seat.id[0], [...(rows.get(seat.id[0]) ?? []), seat]));
  return rows;
}

function drawSeat(seat) {
  const label = say(seat.free ? 'seatName' : 'seatGone', { row: seat.id[0], number: seat.id.slice(1) });
  const button = make('button', {
    type: 'button', className: 'seat', textContent: seat.id.slice(1), disabled: !seat.free, ariaLabel: label,
    ariaPressed: String(chosenSeats.has(seat.id)), data: { testid: `seat-${seat.id}` },
  });
  button.addEventListener('click', () => {
    if (!chosenSeats.delete(seat.id)) chosenSeats.add(seat.id);
    button.ariaPressed = String(chosenSeats.has(seat.id));
    drawCart();
  });
  return button;
}

/* Let the arrow keys go from seat to seat, past those that are sold. */
function goOn(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (step === undefined || !event.target.classList.contains('seat')) return;
  event.preventDefault();
  const rows = [...byId('seats').children].map((row) => [...row.querySelectorAll('.seat')]);
  let row = rows.findIndex((seats) => seats.includes(event.target));
  let place = rows[row].indexOf(event.target);
  do {
    row += step[0];
    place += step[1];
  } while (rows[row]?.[place]?.disabled);
  rows[row]?.[place]?.focus();
}

function drawSnacks() {
  byId('snacks').replaceChildren(...shop.items.map(drawSnack));
}

function drawSnack(item) {
  const name = item.name[language];
  const notes = [];
  if (item.available === 0) notes.push(say('soldOut'));
  else if (item.available <= 5) notes.push(say('left', { count: item.available }));
  if (item.seller !== 'cinema') notes.push(say('seller', { name: sellerName(item.seller) }));
  return make(
    'li', { className: 'snack', data: { testid: `item-${item.id}` } },
    make('img', { src: `/static/pictures/${item.id}.svg`, alt: '', width: 84, height: 84 }),
    make('div', { className: 'snack-text' }, make('h3', { textContent: name }), make('p', { className: 'price', textContent: won(item.price) }), make('p', { className: 'soft', textContent: notes.join(' · ') })),
    drawStepper(item, name),
  );
}

function drawStepper(item, name) {
  const count = make('output', { textContent: quantities.get(item.id) ?? 0, data: { testid: `count-${item.id}` } });
  const less = make('button', { type: 'button', textContent: '−', ariaLabel: say('less', { name }), data: { testid: `less-${item.id}` } });
  const more = make('button', { type: 'button', textContent: '+', ariaLabel: say('more', { name }), data: { testid: `more-${item.id}` } });
  const change = (by) => {
    const quantity = Math.min(Math.max((quantities.get(item.id) ?? 0) + by, 0), item.available, 99);
    quantities.set(item.id, quantity);
    count.textContent = quantity;
    less.disabled = quantity === 0;
    more.disabled = quantity >= Math.min(item.available, 99);
    drawCart();
  };
  less.addEventListener('click', () => change(-1));
  more.addEventListener('click', () => change(1));
  less.disabled = !quantities.get(item.id);
  more.disabled = item.available === 0;
  return make('div', { className: 'stepper' }, less, count, more);
}

function cartLines() {
  const seats = shop.seats.filter((seat) => chosenSeats.has(seat.id)).map((seat) => [say('seat', { id: seat.id }), seat.price]);
  const snacks = shop.items.filter((item) => quantities.get(item.id)).map((item) => [
    `${item.name[language]} × ${quantities.get(item.id)}`, item.price * quantities.get(item.id),
  ]);
  return [...seats, ...snacks];
}

function drawCart() {
  sessionStorage.setItem('cart', JSON.stringify({ seats: [...chosenSeats], quantities: [...quantities] }));
  const lines = cartLines();
  const total = lines.reduce((sum, [, amount]) => sum + amount, 0);
  byId('lines').replaceChildren(...lines.map(([name, amount]) => make(
    'li', {}, make('span', { textContent: name }), make('span', { className: 'amount', textContent: won(amount) }),
  )));
  byId('empty').hidden = lines.length > 0;
  byId('total').textContent = won(total);
  byId('order').disabled = lines.length === 0;
  byId('order').textContent = lines.length === 0 ? say('order') : say('orderFor', { amount: won(total) });
}

function order() {
  const buyer = byId('buyer').value.trim() || say('guest');
  localStorage.setItem('buyer', buyer);
  byId('order').disabled = true;
  showProblem(null);
  const items = [...quantities].filter(([, quantity]) => quantity > 0).map(([id, quantity]) => ({ id, quantity }));
  return post('/api/v1/orders', { buyer, items, seats: [...chosenSeats] }).then(
    (placed) => {
      sessionStorage.removeItem('cart');
      location.assign(`/pay.html?order=${placed.orderId}`);
    },
    (error) => load().then(() => showProblem(error)).catch(showProblem),
  );
}

function load() {
  return read('/api/v1/shop').then((answer) => {
    shop = answer;
    shop.seats.filter((seat) => !seat.free).forEach((seat) => chosenSeats.delete(seat.id));
    shop.items.filter((item) => quantities.get(item.id) > item.available).forEach((item) => quantities.set(item.id, item.available));
    drawSeats();
    drawSnacks();
    drawCart();
    ready();
  });
}

translatePage();
byId('buyer').value = localStorage.getItem('buyer') ?? say('guest');
byId('seats').addEventListener('keydown', goOn);
byId('order').addEventListener('click', order);
window.addEventListener('pageshow', (event) => { if (event.persisted) load().catch(showProblem); });
load().catch(showProblem);
