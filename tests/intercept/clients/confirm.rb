# Confirm a payment as shops in Ruby do: confirm.rb BASE_URL SECRET_KEY BODY.
require 'json'
require 'net/http'

base, key, body = ARGV
url = URI("#{base}/v1/payments/confirm")
request = Net::HTTP::Post.new(url, 'Content-Type' => 'application/json')
request.basic_auth(key, '')
answer = Net::HTTP.start(url.host, url.port, use_ssl: true) { |http| http.request(request, body) }
puts "#{answer.code} #{JSON.parse(answer.body)['status']}"
