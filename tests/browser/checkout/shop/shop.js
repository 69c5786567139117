/* What the shops of all flavours share: an order by the address, and where results are shown. */
const wanted = new URLSearchParams(location.search);

const order = { orderId: wanted.get('order'), orderName: '1-카라멜 팝콘', amount: Number(wanted.get('amount') || 68000) };

const urls = wanted.get('mode') === 'promise' ? {} : {
  successUrl: `${location.origin}${wanted.get('success') || '/success'}`,
  failUrl: `${location.origin}/fail?from=shop`,
};

const windowTarget = wanted.get('target') || undefined;
const method = wanted.get('method') || undefined;
const more = JSON.parse(wanted.get('more') || '{}');

function show(value) {
  document.getElementById('result').textContent = JSON.stringify(value);
}

function onPay(pay) {
  document.getElementById('pay').addEventListener('click', () => {
    show('asked');
    pay().then((value) => show({ resolved: value ?? null }), (error) => show({ rejected: error.code, message: error.message, isError: error instanceof Error }));
  });
}
