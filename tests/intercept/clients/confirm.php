<?php
/* Confirm a payment as shops in PHP do: confirm.php BASE_URL SECRET_KEY BODY. */
[, $base, $key, $body] = $argv;
$call = curl_init("$base/v1/payments/confirm");
curl_setopt_array($call, [
    CURLOPT_POST => true,
    CURLOPT_POSTFIELDS => $body,
    CURLOPT_USERPWD => "$key:",
    CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
    CURLOPT_RETURNTRANSFER => true,
]);
$answer = curl_exec($call);
if ($answer === false) {
    fwrite(STDERR, curl_error($call) . "\n");
    exit(1);
}
echo curl_getinfo($call, CURLINFO_RESPONSE_CODE), ' ', json_decode($answer)->status, "\n";
