// Who asks: keystonemiddleware, keystoneauth, keystone, oslo.policy.
import { cause, type Rule, root } from './rule.ts'

export const accessRules: readonly Rule[] = [
  root(
    'Auth.KeystoneDown',
    /(?:Identity response: (?:<html|5\d\d)|Unable to validate token: |The Keystone service is temporarily unavailable|Could not (?:find|discover) (?:versioned )?identity endpoints|Failed to contact the endpoint at [^\n]{1,200} for discovery|Unable to establish connection to \S{0,200}(?::5000|:35357|\/identity)\S{0,120}|Unable to communicate with identity server)[^\n]{0,200}/,
    'The Keystone service is temporarily unavailable.',
    'the identity service does not answer',
  ),
  root(
    'Auth.ServiceUser',
    /(?:Neutron client was not able to generate a valid admin token|Unknown auth type|NeutronAdminCredentialConfigurationInvalid|Networking client is experiencing an unauthorized exception|Invalid (?:service )?credentials for|Failed to authenticate (?:the )?service user|Placement service credentials do not work|Authentication error: )[^\n]{0,200}/,
    'Neutron client was not able to generate a valid admin token, please verify Neutron admin credential located in nova.conf',
    'a service could not authenticate itself to another',
  ),
  root(
    'Auth.NoEndpoint',
    /(?:public|internal|admin)? ?endpoint for \S{1,60} service (?:in \S{1,60} region )?not found|EndpointNotFound|Could not find a suitable endpoint|No endpoint found for/i,
    'public endpoint for network service in RegionOne region not found',
    'the catalogue has no address for a service',
  ),
  cause(
    'Auth.TokenExpired',
    /token (?:is |has )?expired|Token has expired|TokenExpired|Failed to validate token[^\n]{0,80}expired/i,
    'The token has expired.',
    'the token has expired',
  ),
  cause(
    'Auth.PolicyDenied',
    /Policy doesn't allow (?<rule>\S{1,120}) to be performed/,
    "Policy doesn't allow os_compute_api:os-migrate-server:migrate to be performed.",
    'the policy does not allow {rule}',
  ),
  cause(
    'Auth.PolicyDenied',
    /Policy check for (?<rule>\S{1,120}) failed|rule:?\S{0,120} is disallowed by policy|(?<other>[\w:]{1,80}) is disallowed by policy|You are not authorized to perform the requested action: (?<third>\S{1,120})|You are not authorized to complete (?<fourth>\S{1,120}) action|PolicyNotAuthorized/,
    'You are not authorized to perform the requested action: identity:list_users.',
    'the policy does not allow {rule}{other}{third}{fourth}',
  ),
  cause(
    'Auth.TokenInvalid',
    /Authorization failed for token|Invalid (?:user )?token|The request you have made requires authentication|Could not find token|Could not recognize (?:Fernet )?token|Rejecting request|Unable to find authentication token in headers|This is not a recognized Fernet token/,
    'Authorization failed for token',
    'the token is missing or not valid',
  ),
  root(
    'Auth.ServiceUser',
    /Unauthorized: [^\n]{0,160}\(HTTP 401\)/,
    'keystoneauth1.exceptions.http.Unauthorized: The request you have made requires authentication. (HTTP 401) (Request-ID: req-1)',
    'a service was refused by another',
    ['nova-compute', 'nova-conductor', 'nova-scheduler'],
  ),
]
