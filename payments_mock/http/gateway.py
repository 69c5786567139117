"""The one way in for every contract: who calls decides which contract's operation a path means."""

from collections.abc import Iterable, Mapping

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from payments_mock.clock import Clock
from payments_mock.domain.errors import PaymentError
from payments_mock.domain.merchant import ContractName, KeyOwner
from payments_mock.http.answers import json_answer
from payments_mock.http.authentication import check_credentials, find_key_owner, read_credentials
from payments_mock.http.body import load_body
from payments_mock.http.contract import Call, Contract, Operation
from payments_mock.http.errors import AuthenticationError, CallError, UnknownPathError, WrongMethodError
from payments_mock.ids import Ids
from payments_mock.services.context import Context

_EXTENSION = "payments_mock.contracts"


def contracts_of(app: Flask) -> Mapping[ContractName, Contract]:
    """Return the contracts that `app` serves, the default one first."""
    contracts: Mapping[ContractName, Contract] = app.extensions[_EXTENSION]
    return contracts


class Gateway:
    """Serves the contracts' paths on a Flask app.

    `default` is the contract in whose words a caller is answered whose key nobody knows, where the path
    does not tell.
    """

    def __init__(self, contracts: Iterable[Contract], default: ContractName, clock: Clock, ids: Ids) -> None:
        ordered = sorted(contracts, key=lambda contract: contract.name != default)
        self._contracts: Mapping[ContractName, Contract] = {contract.name: contract for contract in ordered}
        self._default = self._contracts[default]
        self._clock = clock
        self._ids = ids

    def attach(self, app: Flask) -> None:
        """Register every path of every contract, and the words for errors outside of them."""
        paths = {operation.path for contract in self._contracts.values() for operation in contract.operations}
        for path in sorted(paths):
            app.add_url_rule(
                path,
                endpoint=path,
                view_func=self._serve,
                methods=self._methods(path),
                strict_slashes=False,
                provide_automatic_options=False,
            )
        app.register_error_handler(HTTPException, self._answer_http_error)
        app.extensions[_EXTENSION] = self._contracts

    def _methods(self, path: str) -> set[str]:
        return {
            method
            for contract in self._contracts.values()
            for method in contract.methods_by_path.get(path, ())
        }

    def _serve(self, **path: str) -> Response:
        contract = self._contract_of_path()
        try:
            credentials = read_credentials(request.headers.get("Authorization"))
            owner = find_key_owner(credentials)
            contract = self._contract_of_owner(owner) or contract
            owner = check_credentials(credentials, owner)
            merchant = owner.merchant
            g.merchant = merchant.code
            operation = self._operation(contract)
            g.operation = operation.name
            body = load_body(request, operation.body) if operation.body else {}
            call = Call(Context(merchant, self._clock, self._ids, owner.family), request, path, body)
            return json_answer(operation.handle(call))
        except (CallError, PaymentError) as error:
            return contract.present_error(error)

    def _contract_of_owner(self, owner: KeyOwner | None) -> Contract | None:
        return None if owner is None else self._contracts[owner.merchant.contract]

    def _contract_of_path(self) -> Contract:
        """Tell whose words fit a caller of this path who is not known yet."""
        path = request.url_rule.rule if request.url_rule else None
        holders = [contract for contract in self._contracts.values() if path in contract.methods_by_path]
        return holders[0] if len(holders) == 1 else self._default

    @staticmethod
    def _operation(contract: Contract) -> Operation:
        assert request.url_rule is not None  # noqa: S101
        methods = contract.methods_by_path.get(request.url_rule.rule)
        if methods is None:
            raise UnknownPathError(f"there is no {request.path}")
        operation = methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            raise WrongMethodError(request.method, methods)
        return operation

    def _answer_http_error(self, error: HTTPException) -> Response:
        """Answer what Flask itself refuses, a fault of ours included, as a contract does."""
        contract = self._contract_of_caller()
        if isinstance(error, MethodNotAllowed):
            return contract.present_error(WrongMethodError(request.method, error.valid_methods or ()))
        if error.code == 404:
            return contract.present_error(UnknownPathError(f"there is no {request.path}"))
        return contract.present_error(error)

    def _contract_of_caller(self) -> Contract:
        try:
            owner = find_key_owner(read_credentials(request.headers.get("Authorization")))
        except AuthenticationError:
            owner = None
        return self._contract_of_owner(owner) or self._default
