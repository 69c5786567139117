# Fail loudly when a program connects to a real host.
require 'socket'

module Loud
  def initialize(host, *more, **named)
    raise "a connection to #{host} was begun" if host.to_s.include?('tosspayments')

    super
  end
end
TCPSocket.prepend(Loud)
