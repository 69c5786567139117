/* The words of the pages, in Korean and in English; the choice is kept in the browser. */
const WORDS = {
  cinema: ['달빛극장', 'Moonlight Cinema'],
  navigation: ['매장', 'Shop'],
  menu: ['메뉴', 'Menu'],
  orders: ['주문 내역', 'Orders'],
  language: ['English', '한국어'],
  tonight: ['오늘의 상영 · 1관 · 19:30', 'Tonight · Screen 1 · 19:30'],
  film: ['밤하늘의 등대', 'The Lighthouse of the Night'],
  filmNote: ['2D · 전체 관람가 · 112분', '2D · All ages · 112 min'],
  seats: ['좌석 선택', 'Choose seats'],
  seatPrice: ['1석 {amount}', '{amount} a seat'],
  seat: ['좌석 {id}', 'Seat {id}'],
  seatName: ['{row}열 {number}번 좌석', 'Row {row}, seat {number}'],
  seatGone: ['{row}열 {number}번 좌석, 판매됨', 'Row {row}, seat {number}, sold'],
  screen: ['스크린', 'Screen'],
  free: ['선택 가능', 'Free'],
  chosen: ['선택함', 'Yours'],
  gone: ['판매됨', 'Sold'],
  snacks: ['스낵과 굿즈', 'Snacks and goods'],
  left: ['{count}개 남음', '{count} left'],
  soldOut: ['품절', 'Sold out'],
  more: ['{name} 하나 더', 'One more {name}'],
  less: ['{name} 하나 빼기', 'One {name} less'],
  seller: ['판매자: {name}', 'Sold by {name}'],
  'nacho-stand': ['나초 스탠드', 'Nacho Stand'],
  'goods-studio': ['굿즈 스튜디오', 'Goods Studio'],
  cart: ['주문', 'Your order'],
  empty: ['좌석이나 스낵을 골라 주세요.', 'Choose a seat or a snack.'],
  buyer: ['이름', 'Name'],
  guest: ['관람객', 'Guest'],
  total: ['합계', 'Total'],
  order: ['주문하기', 'Order'],
  orderFor: ['{amount} 주문하기', 'Order for {amount}'],
  stepCart: ['주문', 'Order'],
  stepPay: ['결제', 'Pay'],
  stepDone: ['완료', 'Done'],
  pay: ['결제', 'Pay'],
  preparing: ['결제를 준비하고 있어요', 'Getting the payment ready'],
  payAmount: ['{amount} 결제하기', 'Pay {amount}'],
  yourOrder: ['주문 내용', 'Your order'],
  method: ['결제 수단', 'How to pay'],
  windowNote: ['결제하기를 누르면 결제창이 열립니다.', 'The payment window opens when you press Pay.'],
  terminalNote: ['카드를 단말기에 넣고 결제하기를 눌러 주세요.', 'Insert your card and press Pay.'],
  heldUntil: ['{time}까지 좌석을 잡아 두었어요', 'Seats held until {time}'],
  back: ['주문으로 돌아가기', 'Back to the order'],
  confirming: ['결제를 확인하고 있어요', 'Confirming your payment'],
  confirmingAdvice: ['잠시만 기다려 주세요. 창을 닫지 마세요.', 'One moment, please keep this page open.'],
  thanks: ['결제가 완료됐어요', 'Thank you, it is paid'],
  thanksAdvice: ['매점에서 주문 번호를 보여 주세요.', 'Show your order number at the counter.'],
  unknown: ['결제 결과를 확인하는 중이에요', 'We are still checking'],
  unknownAdvice: ['결제사의 답을 기다리고 있어요. 두 번 결제되지 않으니 다시 확인해 주세요.', 'The payment provider has not answered yet. You will not be charged twice; check again.'],
  depositTitle: ['입금을 기다리고 있어요', 'Waiting for your deposit'],
  depositAdvice: ['아래 계좌로 기한 안에 입금해 주세요.', 'Please pay into this account in time.'],
  depositTo: ['입금할 계좌', 'Where to pay'],
  bank: ['은행', 'Bank'],
  accountNumber: ['계좌 번호', 'Account number'],
  depositAmount: ['입금할 금액', 'Amount'],
  dueDate: ['입금 기한', 'Pay by'],
  copy: ['계좌 번호 복사', 'Copy the account number'],
  copied: ['복사했어요.', 'Copied.'],
  checkAgain: ['다시 확인', 'Check again'],
  refundedTitle: ['환불된 주문이에요', 'This order is refunded'],
  receipt: ['영수증', 'Receipt'],
  number: ['주문 번호 {id}', 'Order {id}'],
  paid: ['결제 금액', 'Paid'],
  paidBy: ['결제 수단', 'Method'],
  CARD: ['카드', 'Card'],
  VIRTUAL_ACCOUNT: ['가상계좌', 'Virtual account'],
  EASY_PAY: ['간편결제', 'Easy pay'],
  MOBILE_PHONE: ['휴대폰', 'Mobile phone'],
  TRANSFER: ['계좌이체', 'Bank transfer'],
  CULTURE_GIFT_CERTIFICATE: ['문화상품권', 'Culture gift certificate'],
  BOOK_GIFT_CERTIFICATE: ['도서문화상품권', 'Book gift certificate'],
  GAME_GIFT_CERTIFICATE: ['게임문화상품권', 'Game gift certificate'],
  paidAt: ['결제 시각', 'Paid at'],
  canceledAt: ['환불 시각', 'Refunded at'],
  paymentKey: ['결제 키', 'Payment key'],
  story: ['인스펙터에서 이 주문 보기', 'Look at this order in the inspector'],
  providerReceipt: ['카드 영수증 보기', 'Open the card receipt'],
  toOrders: ['주문 내역 보기', 'See my orders'],
  toMenu: ['처음으로', 'Back to the menu'],
  again: ['다시 결제하기', 'Try again'],
  notCharged: ['결제된 금액은 없습니다.', 'Nothing was charged.'],
  closedTitle: ['결제를 그만두셨어요', 'You left the payment'],
  closedAdvice: ['주문은 그대로 있어요. 마음이 바뀌면 다시 결제해 주세요.', 'Your order is still here. Try again whenever you like.'],
  refusedTitle: ['카드사에서 결제를 거절했어요', 'The card was refused'],
  refusedAdvice: ['다른 카드나 다른 결제 수단으로 다시 결제해 주세요.', 'Try again with another card or another way to pay.'],
  failedTitle: ['결제하지 못했어요', 'The payment failed'],
  failedAdvice: ['잠시 후 다시 결제해 주세요. 계속되면 직원을 불러 주세요.', 'Please try again in a moment, or ask our staff.'],
  shopTitle: ['매장 쪽 문제로 결제하지 못했어요', 'The shop could not take the payment'],
  shopAdvice: ['카드에는 문제가 없어요. 직원에게 알려 주세요.', 'Nothing is wrong with your card. Please tell our staff.'],
  checkingOrder: ['주문을 확인하고 있어요', 'Checking your order'],
  paidAlready: ['이미 결제된 주문이에요', 'This order is already paid'],
  paidAlreadyAdvice: ['다시 결제하지 않으셔도 돼요.', 'There is no need to pay again.'],
  seeOrder: ['결제 결과 보기', 'Show how it stands'],
  needTerms: ['필수 약관에 동의해 주세요.', 'Please agree to the required terms.'],
  needCard: ['결제할 카드를 골라 주세요.', 'Please choose a card.'],
  windowClosed: ['결제창을 닫으셨어요. 결제하기를 누르면 다시 열려요.', 'You closed the payment window. Press Pay to open it again.'],
  cardRefused: ['카드가 승인되지 않았어요. 다른 카드로 다시 결제해 주세요.', 'The card was declined. Please try another one.'],
  seatTaken: ['고르신 좌석이 방금 판매됐어요. 다른 좌석을 골라 주세요.', 'Your seat was just sold. Please choose another one.'],
  outOfStock: ['방금 품절됐어요. 수량을 바꿔 주세요.', 'Just sold out. Please order fewer.'],
  unavailable: ['결제사에 연결할 수 없어요. 잠시 후 다시 시도해 주세요.', 'The payment provider cannot be reached. Please try again.'],
  trouble: ['처리하지 못했어요. 다시 시도해 주세요.', 'That did not work. Please try again.'],
  show: ['보기', 'Show'],
  all: ['전체', 'All'],
  noOrders: ['아직 주문이 없어요.', 'No orders yet.'],
  OPEN: ['결제 전', 'Not paid'],
  PENDING: ['확인 중', 'Checking'],
  PAID: ['결제 완료', 'Paid'],
  REFUND_PENDING: ['환불 확인 중', 'Refund under way'],
  REFUNDED: ['환불됨', 'Refunded'],
  details: ['자세히', 'Details'],
  payNow: ['결제하기', 'Pay'],
  refund: ['환불', 'Refund'],
  refundTitle: ['결제를 취소할까요?', 'Refund this order?'],
  refundText: ['{name} · {amount}을 전액 돌려드려요.', '{name} · all of {amount} goes back.'],
  refundRefused: ['환불이 거절됐어요. 주문은 그대로 결제 상태예요.', 'The refund was refused; the order stays paid.'],
  reason: ['취소 사유', 'Reason'],
  defaultReason: ['고객 변심', 'Changed my mind'],
  keep: ['그대로 두기', 'Keep it'],
  refundYes: ['전액 환불', 'Refund all'],
  atProvider: ['결제사의 결제 정보', "The provider's payment"],
};

const LANGUAGES = ['ko', 'en'];

function chosenLanguage() {
  const kept = localStorage.getItem('language');
  if (LANGUAGES.includes(kept)) return kept;
  return navigator.language.startsWith('ko') ? 'ko' : 'en';
}

export const language = chosenLanguage();

/* Return a text in the shopper's language, with `{name}` replaced by what `values` say. */
export function say(word, values = {}) {
  const text = WORDS[word][LANGUAGES.indexOf(language)];
  return text.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

/* Tell whether there is such a word. */
export const knows = (word) => Object.hasOwn(WORDS, word);

/* The banks that give virtual accounts, by the provider's code. */
const BANKS = {
  '03': ['IBK기업은행', 'IBK'], '04': ['KB국민은행', 'KB Kookmin Bank'], '06': ['KB국민은행', 'KB Kookmin Bank'],
  '07': ['Sh수협은행', 'Suhyup Bank'], '11': ['NH농협은행', 'NH Bank'], '20': ['우리은행', 'Woori Bank'],
  '31': ['iM뱅크', 'iM Bank'], '32': ['부산은행', 'Busan Bank'], '34': ['광주은행', 'Kwangju Bank'],
  '37': ['전북은행', 'Jeonbuk Bank'], '39': ['경남은행', 'Kyongnam Bank'], '71': ['우체국', 'Korea Post'],
  '81': ['하나은행', 'Hana Bank'], '88': ['신한은행', 'Shinhan Bank'],
};

export const bankName = (code) => (Object.hasOwn(BANKS, code) ? BANKS[code][LANGUAGES.indexOf(language)] : code);

/* Return what a method of payment is called; the provider sends its name, in Korean or as a word of its API. */
export function methodName(method) {
  const names = Object.entries(WORDS).find(([word, texts]) => word === method || (/^[A-Z_]+$/.test(word) && texts[0] === method));
  return names === undefined ? method : say(names[0]);
}

/* The title of a page, as the browser shows it. */
export const pageTitle = (text) => `${text} · ${say('cinema')}`;

export function won(amount) {
  const number = amount.toLocaleString('ko-KR');
  return language === 'ko' ? `${number}원` : `₩${number}`;
}

/* A film begins at the cinema's time, wherever the browser is. */
const CINEMA_ZONE = 'Asia/Seoul';

export function time(moment) {
  return new Date(moment).toLocaleString(language === 'ko' ? 'ko-KR' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: CINEMA_ZONE });
}

export function clock(moment) {
  return new Date(moment).toLocaleTimeString(language === 'ko' ? 'ko-KR' : 'en-GB', { timeStyle: 'short', timeZone: CINEMA_ZONE });
}

/* Put the page into the shopper's language. */
export function translatePage() {
  document.documentElement.lang = language;
  document.querySelectorAll('[data-word]').forEach((element) => { element.textContent = say(element.dataset.word); });
  document.querySelectorAll('[data-word-label]').forEach((element) => element.setAttribute('aria-label', say(element.dataset.wordLabel)));
  const title = document.querySelector('h1');
  document.title = pageTitle(title.textContent || say('pay'));
  const button = document.getElementById('language');
  button.textContent = say('language');
  button.lang = language === 'ko' ? 'en' : 'ko';
  button.addEventListener('click', () => {
    localStorage.setItem('language', language === 'ko' ? 'en' : 'ko');
    location.reload();
  });
}
