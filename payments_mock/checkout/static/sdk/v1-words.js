/* The names of v1: Korean ones and codes mean the same. */
const METHODS = {
  카드: 'CARD', 가상계좌: 'VIRTUAL_ACCOUNT', 계좌이체: 'TRANSFER', 휴대폰: 'MOBILE_PHONE',
  문화상품권: 'CULTURE_GIFT_CERTIFICATE', 도서문화상품권: 'BOOK_GIFT_CERTIFICATE', 게임문화상품권: 'GAME_GIFT_CERTIFICATE',
  토스페이: 'TOSSPAY', 토스결제: 'TOSSPAY', 해외간편결제: 'FOREIGN_EASY_PAY', 미선택: '',
};

const METHOD_NAMES = {
  CARD: '카드', EASY_PAY: '간편결제', VIRTUAL_ACCOUNT: '가상계좌', TRANSFER: '계좌이체', MOBILE_PHONE: '휴대폰',
  CULTURE_GIFT_CERTIFICATE: '문화상품권', BOOK_GIFT_CERTIFICATE: '도서문화상품권', GAME_GIFT_CERTIFICATE: '게임문화상품권',
};

const WALLET_NAMES = {
  TOSSPAY: '토스페이', NAVERPAY: '네이버페이', SAMSUNGPAY: '삼성페이', APPLEPAY: '애플페이', LPAY: '엘페이',
  KAKAOPAY: '카카오페이', PINPAY: '핀페이', PAYCO: '페이코', SSG: 'SSG페이',
};

/* The code of a method, '' where the shopper is to pick one; null where there is no such method. */
function findMethod(name) {
  if (Object.hasOwn(METHODS, name)) return METHODS[name];
  return Object.values(METHODS).includes(name) ? name : null;
}
